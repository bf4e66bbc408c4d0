"""Time zones as people call them: by a city, or as the clocks of China are known."""

from collections import Counter
from zoneinfo import available_timezones

from forum import clock

# The cities of every continent; a class may also be told an offset.
ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
# The zone of all China is filed under Shanghai.
_SHANGHAI = ("beijing", "beijing_time", "北京", "北京时间", "上海", "上海时间")


def _city(name: str) -> str:
    return name.rpartition("/")[2].casefold()


_TIMES = Counter(map(_city, ZONES))
_BY_WORDS = (
    {name.casefold(): name for name in ZONES}
    | {_city(name): name for name in ZONES if _TIMES[_city(name)] == 1}
    | dict.fromkeys(_SHANGHAI, "Asia/Shanghai")
)


def zone_called(typed: str) -> str:
    """The zone's own name for a city that is the only one of its name; else what was typed, right or wrong."""
    try:
        clock.zone(typed)
    except ValueError:
        return _BY_WORDS.get("_".join(typed.casefold().split()), typed)
    return typed
