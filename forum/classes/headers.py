"""The header row of a roster, wherever it stands, and what its words mean, in Chinese and English."""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from forum.classes.sheets import Sheet
from forum.errors import Refused
from forum.i18n import gettext as _

# Titles, a letterhead and the class committee stand above the header.
DEEPEST_HEADER = 40


class Column(StrEnum):
    NAME = "name"
    GIVEN = "given"
    FAMILY = "family"
    UNIT = "unit"
    UNIT_AND_POSITION = "unit_and_position"
    POSITION = "position"
    PHONE = "phone"
    EMAIL = "email"
    GROUP = "group"
    ROLE = "role"


# Where two columns mean the same, the one named first here comes first: a mobile before the office's telephone.
_WORDS: dict[Column, str] = {
    Column.NAME: "姓名 学员姓名 学员名称 参训人员 参训人员姓名 成员姓名 会员姓名 人员姓名 真实姓名 名字 名称 "
    "name fullname membername personname studentname traineename participantname participant displayname",
    Column.GIVEN: "名 givenname firstname forename given first",
    Column.FAMILY: "姓 姓氏 familyname lastname surname family last",
    Column.UNIT: "单位 所在单位 工作单位 单位名称 现工作单位 组织 所在组织 所属组织 基层组织 组织名称 "
    "支部 所在支部 所属支部 机构 部门 所在部门 学校 所在学校 "
    "unit organisation organization org institution company employer branch school department dept affiliation",
    Column.UNIT_AND_POSITION: "单位及职务 单位职务 单位和职务 单位与职务 工作单位及职务 所在单位及职务 工作单位职务 "
    "单位及职称 单位职务职称 工作单位及职务职称 单位及职务职称 unitandposition unitposition",
    Column.POSITION: "职务 职位 现任职务 行政职务 职务职称 职称职务 职务及职称 职称 岗位 position jobtitle title post",
    Column.PHONE: "手机 手机号 手机号码 移动电话 联系手机 联系电话 联系方式 电话 电话号码 联系号码 办公电话 "
    "mobile mobilephone mobilenumber mobileno cell cellphone phone phonenumber phoneno telephone tel contactnumber",
    Column.EMAIL: "邮箱 电子邮箱 邮箱地址 电子邮箱地址 电子邮件 电子邮件地址 邮件 "
    "email emailaddress mail primaryemail secondaryemail",
    Column.GROUP: "小组 组别 分组 所在小组 小组名称 讨论小组 学习小组 所属小组 组 group groupname team",
    Column.ROLE: "角色 身份 班级角色 人员身份 role classrole",
}
_MEANING = {word: (column, place) for column, words in _WORDS.items() for place, word in enumerate(words.split())}
# Beside a name these tell that the rows are people.
_PERSONAL = """
    性别 年龄 出生年月 出生日期 民族 政治面貌 党派 学历 学位 身份证 身份证号 身份证号码 籍贯
    gender sex age birthdate dateofbirth username
"""
_NUMBERING = "序号 编号 号 备注 no number id remarks notes note"
# Here the rows are something else that has a name: schools, courses, units, texts.
_OTHER_THINGS = """
    schoolnumber schoolncesid principalname principalsisid parentsourcedid sectionname coursename orgsourcedid
    内容 会议名称
"""
_IS_PERSONAL, _IS_NUMBERING, _IS_OTHER = map(set, map(str.split, (_PERSONAL, _NUMBERING, _OTHER_THINGS)))
_TWICE = re.compile(r"[/／|、]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ASIDE = re.compile(r"[（(【\[].*?[）)】\]]")


@dataclass(slots=True)
class Header:
    """`row` as the spreadsheet numbers it; people stand below `last`. Each column of a row may stand in several cells,
    the first that is filled counts."""

    row: int
    last: int
    places: dict[Column, list[int]] = field(default_factory=dict)
    words: dict[Column, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)

    def value(self, cells: list[str], column: Column) -> str:
        places = self.places.get(column, ())
        return next((cells[place] for place in places if place < len(cells) and cells[place]), "")

    def is_repeated(self, cells: list[str]) -> bool:
        """Printed on every page, or above every group."""
        named = self.value(cells, Column.NAME) or self.value(cells, Column.FAMILY)
        meant = _meaning(named)
        return meant is not None and meant[0] in (Column.NAME, Column.FAMILY)


def find_header(sheet: Sheet) -> Header | None:
    for number, cells in enumerate(sheet.rows[:DEEPEST_HEADER], start=1):
        meant = _meant(cells)
        if meant and _is_header(meant, cells):
            _refuse_two_tables(cells)
            header = Header(number, number)
            _take(header, cells)
            if number < len(sheet.rows) and _goes_on(header, sheet.rows[number]):
                header.last = number + 1
                _take(header, sheet.rows[number])
            return header
    return None


def normalised(words: str) -> str:
    """ "姓 名", "*姓名（必填）", "E-mail" and "email" are each one word."""
    words = _ASIDE.sub("", unicodedata.normalize("NFKC", words).lower())
    return "".join(each for each in words if each.isalnum())


def _meaning(cell: str) -> tuple[Column, int] | None:
    """The column and its place among those of one meaning. A cell may say the same twice: "姓名/Name", "手机/电话"."""
    if not cell:
        return None
    words = [normalised(cell), *map(normalised, _TWICE.split(cell)), "".join(_HAN.findall(normalised(cell)))]
    return next((_MEANING[word] for word in words if word in _MEANING), None)


def _meant(cells: list[str]) -> set[Column]:
    return {known[0] for cell in cells if (known := _meaning(cell))}


def _refuse_two_tables(cells: list[str]) -> None:
    """Two tables side by side have every header twice: half of the people would be lost."""
    words = [
        word for cell in cells if (known := _meaning(cell)) and known[0] is Column.NAME and (word := normalised(cell))
    ]
    if len(words) > len(set(words)):
        raise Refused(
            _("The roster stands in two tables side by side. Put all people below one another, then send it.")
        )


def _is_header(meant: set[Column], cells: list[str]) -> bool:
    """It names people and says something else of them, or nothing else at all."""
    if Column.NAME not in meant and not meant >= {Column.GIVEN, Column.FAMILY}:
        return False
    words = {normalised(cell) for cell in cells if cell}
    if words & _IS_OTHER:
        return False
    others = meant - {Column.NAME}
    return bool(others or words & _IS_PERSONAL) or words <= _MEANING.keys() | _IS_NUMBERING


def _goes_on(header: Header, cells: list[str]) -> bool:
    """A second line of headers under a joined one: "contact" over "mobile" and "e-mail"."""
    meant = _meant(cells)
    named = header.value(cells, Column.NAME) or header.value(cells, Column.FAMILY)
    return bool(meant) and not named and all(_meaning(cell) for cell in cells if cell)


def _take(header: Header, cells: list[str]) -> None:
    found: dict[Column, list[tuple[int, int]]] = {}
    for place, cell in enumerate(cells):
        known = _meaning(cell)
        if known:
            found.setdefault(known[0], []).append((known[1], place))
        elif cell and normalised(cell) not in _IS_NUMBERING:
            header.unused.append(cell)
    for column, places in found.items():
        header.places[column] = [*header.places.get(column, ()), *(place for _priority, place in sorted(places))]
        header.words.setdefault(column, cells[header.places[column][0]])
