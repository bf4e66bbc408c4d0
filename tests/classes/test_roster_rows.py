"""From cells to people: headers wherever they stand, groups above their people, and what makes a row bad."""

import pytest

from forum.classes.headers import Column, find_header
from forum.classes.models import Role
from forum.classes.roster_rows import Roster, RosterRow, read_roster
from forum.classes.sheets import Sheet, read_sheets
from forum.errors import Refused
from tests.classes.workbooks import csv, xlsx


def roster(*rows: list[object], merged: tuple[str, ...] = ()) -> Roster:
    return read_roster(read_sheets(xlsx(rows, merged)))


def only(header: list[object], cells: list[object]) -> RosterRow:
    found = roster(header, cells)
    assert (found.bad, len(found.rows)) == ([], 1)
    return found.rows[0]


def told(found: Roster) -> dict[int, str]:
    """What is said of which row."""
    return {fault.row: fault.reason for fault in [*found.bad, *found.warnings]}


@pytest.mark.parametrize(
    ("words", "column"),
    [
        ("姓 名", Column.NAME), ("*姓名（必填）", Column.NAME), ("学员姓名", Column.NAME), ("Full name", Column.NAME),
        ("单位", Column.UNIT), ("所在单位", Column.UNIT), ("组织", Column.UNIT), ("Organisation", Column.UNIT),
        ("Department", Column.UNIT), ("School", Column.UNIT), ("单位及职务", Column.UNIT_AND_POSITION),
        ("职务/职称", Column.POSITION), ("职称", Column.POSITION), ("Title", Column.POSITION),
        ("联系电话           ", Column.PHONE), ("手机号码", Column.PHONE), ("Mobile", Column.PHONE),
        ("E-mail", Column.EMAIL), ("电子邮箱", Column.EMAIL), ("e_mail", Column.EMAIL),
        ("姓名/Name", Column.NAME), ("姓名 Name", Column.NAME), ("手机/电话", Column.PHONE), ("单位 Unit", Column.UNIT),
        ("QQ邮箱", Column.EMAIL), ("单位/职务", Column.UNIT_AND_POSITION), ("组别", Column.GROUP),
        ("Group", Column.GROUP), ("身份", Column.ROLE), ("角色", Column.ROLE),
    ],
)  # fmt: skip
def test_headers_are_known_in_both_languages_however_they_are_written(words: str, column: Column) -> None:
    header = find_header(Sheet("", [["Name", "性别"], []] if column is Column.NAME else [["Name", words]]))
    assert header is not None
    if column is Column.NAME:
        header = find_header(Sheet("", [[words, "性别"]]))
        assert header is not None
    assert column in header.places


def test_the_header_is_found_below_titles_and_people_below_it() -> None:
    titles: list[list[object]] = [[f"Line {number} of a letterhead"] for number in range(30)]
    found = roster(*titles, [], [None, "序号", "姓名", "手机"], [None, 1, "张三", 13800138001], [], [None, 2, "李四"])
    assert (found.header_row, [row.number for row in found.rows]) == (32, [33, 35])
    assert found.rows[0] == RosterRow(33, "张三", phone="13800138001")


def test_a_header_in_two_lines_is_one() -> None:
    found = roster(
        ["姓名", "联系方式", None, "单位"], [None, "手机", "邮箱"], ["张三", "13800138001", "z@example.org", "市委会"]
    )
    assert found.rows == [RosterRow(3, "张三", phone="13800138001", email="z@example.org", unit="市委会")]


def test_of_two_columns_for_one_thing_the_better_one_counts_and_the_other_fills_gaps() -> None:
    header = ["姓名", "办公电话", "手机", "职称", "职务"]
    found = roster(
        header, ["张三", "057188888888", "13800138001", "教授", None], ["李四", "057188888889", None, None, "主任"]
    )
    assert [(row.phone, row.position) for row in found.rows] == [("13800138001", "教授"), ("057188888889", "主任")]


@pytest.mark.parametrize(
    ("header", "cells", "name"),
    [
        (["姓名", "单位"], ["张　三", "x"], "张三"),
        (["姓名", "单位"], ["欧阳 娜娜", "x"], "欧阳娜娜"),
        (["Name", "Unit"], ["  Tina   Tan ", "x"], "Tina Tan"),
        (["First name", "Last name"], ["Tina", "Tan"], "Tina Tan"),
        (["Given name", "Surname"], ["三", "张"], "张三"),
        (["姓", "名"], ["张", "三"], "张三"),
        (["First name", "Last name"], ["Tina", None], "Tina"),
    ],
)
def test_names_are_put_together_as_their_language_does(header: list[object], cells: list[object], name: str) -> None:
    assert only(header, cells).name == name


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("'13800138000", "13800138000"),
        (13800138000.0, "13800138000"),
        ("13800138000.0", "13800138000"),
        ("1.3800138E+10", "13800138000"),
        ("0571-88888888", "057188888888"),
        ("(0571) 88888888 转 12", "05718888888812"),
        ("+1 415 555 0132", "14155550132"),
        ("86 13800138000", "13800138000"),
        ("010-62345678", "01062345678"),
        (None, None),
        ("", None),
    ],
)
def test_phone_numbers_survive_what_spreadsheets_do_to_them(cell: object, phone: str | None) -> None:
    found = roster(["姓名", "手机"], ["张三", cell])
    assert (found.rows[0].phone, found.warnings) == (phone, [])


# Without area code, too short or too long, or of a country nobody can tell.
HALF_NUMBERS = ["138-0000", "88888888", "62345678901", "010-123", "0571-1234567890123"]


@pytest.mark.parametrize(
    "cell", ["1.38E+10", "1380013800", "138001380001", "wechat: abc", "无", "#", "13800138000a", *HALF_NUMBERS]
)
def test_a_number_that_is_none_costs_the_person_nothing_but_the_number(cell: str) -> None:
    found = roster(["姓名", "手机"], ["张三", cell])
    assert (found.rows, found.bad) == ([RosterRow(2, "张三")], [])
    assert cell in told(found)[2]


def test_of_several_numbers_in_a_cell_the_mobile_is_taken_and_that_is_said() -> None:
    found = roster(["姓名", "手机"], ["张三", "0571-88888888/13800138001"])
    assert found.rows[0].phone == "13800138001"
    assert "only 13800138001" in told(found)[2]


@pytest.mark.parametrize(
    ("cell", "email"),
    [
        ("Tina@Example.org", "tina@example.org"),
        ("<tina@example.org>", "tina@example.org"),
        ("tina＠example.org", "tina@example.org"),
    ],
)
def test_addresses_are_written_one_way(cell: str, email: str) -> None:
    assert only(["姓名", "邮箱"], ["张三", cell]).email == email


@pytest.mark.parametrize(
    "cell", ["zhangsan", "8893412533498@", "a@b", "a b@example.org", "a@x.org; b@x.org", "@example.org"]
)
def test_an_address_without_a_domain_is_left_out_and_said(cell: str) -> None:
    found = roster(["姓名", "邮箱"], ["张三", cell])
    assert (found.rows, found.bad) == ([RosterRow(2, "张三")], [])
    assert "not an e-mail address" in told(found)[2]


@pytest.mark.parametrize(
    ("cell", "unit", "position"),
    [
        ("市委会 副主委", "市委会", "副主委"),
        ("市委会　副主委", "市委会", "副主委"),
        ("市委会", "市委会", None),
        ("民革 市委会 副主委", "民革 市委会 副主委", None),
        ("市委会党组成员、副主委", "市委会党组成员、副主委", None),
        ("City Office, Director", "City Office", "Director"),
        ("City Office Director", "City Office Director", None),
    ],
)
def test_one_column_for_unit_and_position_is_taken_apart_where_that_is_sure(
    cell: str, unit: str, position: str | None
) -> None:
    row = only(["姓名", "单位及职务"], ["张三", cell])
    assert (row.unit, row.position) == (unit, position)


@pytest.mark.parametrize("cell", ["City/District", "City / District", "City ／ District /", " City  /  District"])
def test_a_unit_is_a_path_however_the_slash_is_set(cell: str) -> None:
    assert only(["Name", "Unit"], ["Tina", cell]).unit == "City / District"


@pytest.mark.parametrize(
    ("cell", "role", "organises"),
    [
        ("学员", Role.TRAINEE, False), ("Student", Role.TRAINEE, False), ("Trainees", Role.TRAINEE, False),
        ("点评人", Role.INSTRUCTOR, False), ("讲师", Role.INSTRUCTOR, False), ("Teacher", Role.INSTRUCTOR, False),
        ("组织者", Role.INSTRUCTOR, True), ("organizer", Role.INSTRUCTOR, True), ("观察员", Role.OBSERVER, False),
        (None, None, False),
    ],
)  # fmt: skip
def test_roles_are_known_in_both_languages(cell: str | None, role: Role | None, organises: bool) -> None:
    row = only(["姓名", "角色"], ["张三", cell])
    assert (row.role, row.organises) == (role, organises)


@pytest.mark.parametrize("cell", ["班长", "工作人员", "administrator"])
def test_a_role_that_is_none_gives_no_power(cell: str) -> None:
    found = roster(["姓名", "角色"], ["张三", cell])
    assert (found.rows[0].role, found.rows[0].organises) == (None, False)
    assert cell in told(found)[2]


def test_a_group_alone_in_a_row_is_that_of_the_people_below_it() -> None:
    found = roster(
        ["春季班分组名单"], ["姓名", "单位", "小组"], ["前", "x"], ["第一组（12人）"], ["甲", "x"],
        ["乙", "x", "自己组"], [],
        ["第2小组 组长：丙"], ["姓名", "单位", "小组"], ["丙", "x"], ["Group 3"], ["丁", "x"],
        ["经济组："], ["戊", "x"],
    )  # fmt: skip
    assert [row.group for row in found.rows] == [None, "第一组", "自己组", "第2小组", "Group 3", "经济组"]
    assert found.bad == []


def test_a_group_may_stand_right_above_the_header() -> None:
    found = roster(["Spring seminar"], ["第一组"], ["姓名", "单位"], ["甲", "x"])
    assert [row.group for row in found.rows] == ["第一组"]


def test_units_and_groups_joined_over_several_rows_are_those_of_each() -> None:
    rows: list[list[object]] = [
        ["姓名", "单位", "小组"],
        ["甲", "市委会", "一组"],
        ["乙"],
        ["丙", None, "二组"],
        ["丁", "区委会"],
    ]
    found = roster(*rows, merged=("B2:B4", "C2:C3", "C4:C5"))
    assert [(row.unit, row.group) for row in found.rows] == [
        ("市委会", "一组"), ("市委会", "一组"), ("市委会", "二组"), ("区委会", "二组"),
    ]  # fmt: skip


def test_prepared_numbers_blank_rows_and_words_below_are_nobody() -> None:
    found = roster(
        ["序号", "姓名", "单位", "手机"], [1, "甲", "x"], [2], [], [3, None, None, None], ["合计：1人"],
        [None, "共计1人"],
        [None, "合计", "1人"], ["填表人：乙", None, None, "13800138001"],
    )  # fmt: skip
    assert [row.name for row in found.rows] == ["甲"]
    assert found.bad == []


def test_rows_without_a_name_or_with_an_endless_one_are_bad() -> None:
    found = roster(
        ["姓名", "手机", "单位"], [None, "13800138001"], ["x" * 121, "1"], [None, None, "市委会"], ["#N/A", None, "y"]
    )
    assert told(found) == {
        2: "There is no name.",
        3: "The name is longer than 120 characters.",
        4: "There is no name.",
        5: "There is no name.",
    }


def test_what_is_too_long_is_left_out_and_the_person_stays() -> None:
    found = roster(["姓名", "单位", "职务", "小组"], ["甲", "u" * 121, "p" * 201, "g" * 121])
    assert found.rows == [RosterRow(2, "甲")]
    assert len(found.warnings) == 3


def test_other_sheets_with_content_are_named() -> None:
    data = xlsx([["x"]], title="Cover", People=([["Name", "Unit"], ["Tina", "East"]], "visible"), Empty=([], "visible"))
    found = read_roster(read_sheets(data))
    assert (found.sheet, found.other_sheets) == ("People", ["Cover"])


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["Phone,Unit", "13800138001,East"], "姓名"),
        (["SIS ID,Name,School Number,Phone", "1,High School,1,555-123-4567"], "no roster"),
        (["sourcedId,name,type,parentSourcedId", "1,College,college,"], "no roster"),
        (["Section SIS ID,SIS ID", "1,2"], "no roster"),
        (["just", "words"], "no roster"),
        (["序号,姓名,单位,序号,姓名,单位", "1,甲,x,2,乙,y"], "side by side"),
        (["Title", "", "姓名,单位,手机"], "header is in row 3"),
    ],
)
def test_a_file_without_people_is_refused_saying_what_was_looked_for(lines: list[str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_roster(read_sheets(csv(*lines)))


def test_names_alone_are_a_roster_too() -> None:
    assert [row.name for row in roster(["姓名"], ["甲"], ["乙"]).rows] == ["甲", "乙"]
