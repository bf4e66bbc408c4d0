"""The rules of the house that a machine can check; each failure says its rule."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORUM = ROOT / "forum"

LINE = ("audit", "units", "members", "attachments", "classes", "attendance", "notifications", "discussions", "search",
        "closings", "statistics", "matrix", "coverage", "charts", "instructors", "reports", "organising", "home",
        "inbox", "interop", "api", "takeaway", "settings", "backups", "administration", "demo")  # fmt: skip
FOUNDATIONS = {"config", "extensions", "db", "errors", "clock", "text", "words", "i18n", "paths"}
EDGES = {"views", "pages", "desk", "wall", "v1", "bearer", "cli", "jobs", "web", "limiting", "tracing", "logs",
         "health", "realtime", "templating", "serving", "__init__", "__main__"}  # fmt: skip
BANNED_NAMES = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "base",
    "manager",
    "managers",
    "service",
    "services",
}
FORUM_LINES, TEMPLATE_LINES, SCRIPT_LINES = 300, 100, 80

INSIDE = "Inside a package: models < queries, counting < subjects < broadcasts < operations < forms < edges"
FORMS = "Forms are imported by edges only"
EDGE = "Edges (views, pages, cli, web, templating...) are imported by edges only"
POLICY = "Policy imports models and queries, and is imported by edges only"
LEFTWARD = f"Packages stand in a line and import leftward only: {', '.join(LINE)}"
NO_PACKAGE = "config, extensions, db, errors, clock, text, words, i18n import no package"
REQUEST = "request, session, current_user, abort, redirect, flash only at the edges"
SESSION_COMMIT = "db.session.commit only in db.py"
COMMIT = "commit() only at the edges"
SELECT = "select() only in queries (also of one subject: rows_queries), threads, waiting, counting, figures"
NOW = "datetime.now only in clock.py"
EMIT = "socketio.emit only in rooms.py"
NAME = "No file is called util, helpers, common, misc, base, manager or service"

Rule = Callable[["Module"], Iterator[str]]


class Module:
    """One file of forum/: `path` as "discussions/views.py"."""

    def __init__(self, path: str, source: str) -> None:
        self.path, self.tree = path, ast.parse(source)
        parts = path.removesuffix(".py").split("/")
        self.package, self.name = parts[0] if len(parts) > 1 else "", parts[-1]
        self.is_edge = is_edge(self.name)

    def imports(self) -> Iterator[tuple[str, str]]:
        """Package ("" at the top) and module of everything imported from forum, also inside functions."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                raise AssertionError(f"{self.path}: relative imports hide where a thing comes from")
            else:
                continue
            for name in names:
                parts = name.split(".")
                if parts[0] != "forum" or len(parts) < 2:
                    continue
                yield (parts[1], parts[2] if len(parts) > 2 else "") if parts[1] in LINE else ("", parts[1])

    def calls(self) -> Iterator[str]:
        """The dotted names of what is called: "db.session.commit", "select"."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func)


def is_forms(module: str) -> bool:
    """Forms of one subject stand beside its views: setup_forms."""
    return module == "forms" or module.endswith("_forms")


def is_queries(module: str) -> bool:
    """Queries of one subject too: rows_queries."""
    return module.endswith("_queries")


def is_edge(module: str) -> bool:
    """Views and commands of one subject stand in files of their own: roster_views and roster_cli beside roster."""
    return module in EDGES or module.endswith(("_views", "_pages", "_cli"))


def rank(module: str) -> int:
    if is_queries(module):
        return 1
    order = {"models": 0, "scope": 0, "hours": 0, "queries": 1, "counting": 1, "operations": 4, "setup": 4}
    return 6 if is_edge(module) else 5 if is_forms(module) else order.get(module, 2)


def inside_a_package(module: Module) -> Iterator[str]:
    for package, name in module.imports():
        # What queries return (rows) stands beside them.
        if package and package == module.package and name and name != "rows" and rank(name) > rank(module.name):
            yield f"{INSIDE}: {name}"


def forms_by_edges(module: Module) -> Iterator[str]:
    if not module.is_edge and any(is_forms(name) for package, name in module.imports() if package):
        yield FORMS


def edges_by_edges(module: Module) -> Iterator[str]:
    for package, name in module.imports():
        if is_edge(name) and not module.is_edge:
            yield f"{EDGE}: {package or 'forum'}.{name}"


def policy_at_edges(module: Module) -> Iterator[str]:
    imported = list(module.imports())
    if module.path == "policy.py":
        wrong = [name for package, name in imported if package and name not in ("models", "queries")]
        yield from (f"{POLICY}: {name}" for name in wrong)
    elif ("", "policy") in imported and not module.is_edge:
        yield POLICY


def leftward_only(module: Module) -> Iterator[str]:
    for package, _ in module.imports():
        if module.package and package and LINE.index(package) > LINE.index(module.package):
            yield f"{LEFTWARD}: {package}"


def foundations_import_no_package(module: Module) -> Iterator[str]:
    if not module.package and module.name in FOUNDATIONS:
        yield from (f"{NO_PACKAGE}: {package}" for package, _ in module.imports() if package)


def request_at_edges(module: Module) -> Iterator[str]:
    names = {"request", "session", "current_user", "abort", "redirect", "flash", "login_user", "logout_user"}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("flask", "flask_login") and not module.is_edge:
            yield from (f"{REQUEST}: {alias.name}" for alias in node.names if alias.name in names)


def commit_at_edges(module: Module) -> Iterator[str]:
    for call in module.calls():
        if call.endswith("session.commit") and module.path != "db.py":
            yield SESSION_COMMIT
        if call in ("commit", "db.commit") and not module.is_edge:
            yield COMMIT


def select_in_queries(module: Module) -> Iterator[str]:
    reads = module.name in ("queries", "threads", "waiting", "counting", "figures") or is_queries(module.name)
    if not reads and any(call in ("select", "sa.select", "sqlalchemy.select") for call in module.calls()):
        yield SELECT


def time_from_the_clock(module: Module) -> Iterator[str]:
    sources = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    if module.path != "clock.py":
        yield from (f"{NOW}: {call}" for call in module.calls() if call.removeprefix("datetime.") in sources | {"now"})
    for node in ast.walk(module.tree):
        # `from forum.clock import now` would escape whoever stops the clock.
        if isinstance(node, ast.ImportFrom) and node.module == "forum.clock":
            yield from (f"{NOW}: {alias.name}" for alias in node.names if alias.name == "now")


def emit_in_realtime(module: Module) -> Iterator[str]:
    if module.path != "rooms.py" and "socketio.emit" in module.calls():
        yield EMIT


def telling_names(module: Module) -> Iterator[str]:
    if {module.name, module.package} & BANNED_NAMES:
        yield NAME


RULES: tuple[Rule, ...] = (
    inside_a_package, forms_by_edges, edges_by_edges, policy_at_edges, leftward_only, foundations_import_no_package,
    request_at_edges, commit_at_edges, select_in_queries, time_from_the_clock, emit_in_realtime, telling_names,
)  # fmt: skip


def sources() -> dict[str, str]:
    return {str(file.relative_to(FORUM)): file.read_text(encoding="utf-8") for file in sorted(FORUM.rglob("*.py"))}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: Rule) -> None:
    broken = [f"{path}: {fault}" for path, source in sources().items() for fault in rule(Module(path, source))]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("path", "source", "sentence"),
    [
        ("discussions/models.py", "from forum.discussions.queries import get_post", INSIDE),
        ("discussions/queries.py", "from forum.discussions import operations", INSIDE),
        ("discussions/queries.py", "from forum.discussions.figures import discussion_summary", INSIDE),
        ("discussions/operations.py", "def f():\n    from forum.discussions import broadcasts_x, views", INSIDE),
        ("classes/roster.py", "import forum.classes.operations", INSIDE),
        ("interop/threads.py", "from forum.discussions.forms import PostForm", FORMS),
        ("classes/groups.py", "from forum.classes.setup_forms import ClassForm", FORMS),
        ("members/operations.py", "from forum.web import found", EDGE),
        ("text.py", "from forum.templating import day", EDGE),
        ("discussions/operations.py", "from forum import policy", POLICY),
        ("policy.py", "from forum.discussions.operations import publish_post", POLICY),
        ("members/queries.py", "from forum.classes.models import Enrolment", LEFTWARD),
        ("discussions/views.py", "from forum.statistics.figures import class_figures", LEFTWARD),
        ("clock.py", "from forum.classes.models import TrainingClass", NO_PACKAGE),
        ("discussions/operations.py", "from flask import abort", REQUEST),
        ("members/queries.py", "from flask_login import current_user", REQUEST),
        ("discussions/views.py", "db.session.commit()", SESSION_COMMIT),
        ("discussions/operations.py", "commit()", COMMIT),
        ("interop/threads.py", "db.commit()", COMMIT),
        ("classes/views.py", "db.session.scalars(select(Member))", SELECT),
        ("members/operations.py", "sa.select(Member)", SELECT),
        ("members/operations.py", "datetime.now(UTC)", NOW),
        ("members/operations.py", "datetime.datetime.utcnow()", NOW),
        ("home/views.py", "date.today()", NOW),
        ("home/views.py", "from forum.clock import now", NOW),
        ("discussions/broadcasts.py", "socketio.emit('post:published')", EMIT),
        ("discussions/helpers.py", "", NAME),
        ("common/queries.py", "", NAME),
    ],
)
def test_a_broken_rule_is_found_and_says_its_sentence(path: str, source: str, sentence: str) -> None:
    found = [fault for rule in RULES for fault in rule(Module(path, source))]
    assert any(fault.startswith(sentence) for fault in found), found


def test_what_the_house_allows_is_not_called_broken() -> None:
    allowed = {
        "discussions/views.py": "from flask import request\nfrom forum import policy\n"
        "from forum.discussions.forms import PostForm\nfrom forum.classes.queries import get_class\ncommit()",
        "discussions/queries.py": "from forum.discussions.rows import PostRow\nselect(Post)",
        "policy.py": "from forum.discussions.queries import has_spoken",
        "discussions/operations.py": "clock.now()\ndb.session.flush()\nupdate(Post)",
        "clock.py": "datetime.now(UTC)",
        "db.py": "session.commit()",
    }
    assert [fault for path, text in allowed.items() for rule in RULES for fault in rule(Module(path, text))] == []


def test_every_package_has_its_place_in_the_line() -> None:
    packages = {file.parent.name for file in FORUM.glob("*/__init__.py")}
    assert packages == set(LINE)


@pytest.mark.parametrize(
    ("folder", "pattern", "most"),
    [("forum", "*.py", FORUM_LINES), ("tests", "*.py", FORUM_LINES), ("templates", "*.html", TEMPLATE_LINES),
     ("static/js/controllers", "*.js", SCRIPT_LINES)],
)  # fmt: skip
def test_no_file_is_longer_than_one_can_hold_in_mind(folder: str, pattern: str, most: int) -> None:
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in (ROOT / folder).rglob(pattern)}
    assert lengths, f"there is nothing in {folder}"
    assert not {str(file.relative_to(ROOT)): length for file, length in lengths.items() if length > most}


def test_a_folder_of_templates_is_named_after_its_package() -> None:
    shared = {"layouts", "components", "errors", "email"}
    folders = {folder.name for folder in (ROOT / "templates").iterdir() if folder.is_dir()}
    assert folders - shared <= set(LINE)
