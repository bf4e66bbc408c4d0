"""What the stand-in application is begun with."""

import json
from dataclasses import asdict, dataclass


@dataclass
class Options:
    redis_url: str = ""
    secret_key: str = "for tests only"
    workers: int = 1
    ping_interval: float = 25
    ping_timeout: float = 20
    most_clients: int = 0

    def as_argument(self) -> str:
        return json.dumps(asdict(self))
