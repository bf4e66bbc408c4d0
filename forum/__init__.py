"""Training Forum (研修论坛): an online discussion forum for training courses."""

from flask import Flask

from forum.config import Settings
from forum.db import db
from forum.extensions import babel, csrf, login_manager, migrate
from forum.incoming import Incoming
from forum.paths import MIGRATIONS, STATIC, TEMPLATES


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or Settings.from_environment()
    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=str(STATIC), static_url_path="/static")
    app.request_class = Incoming
    app.config.from_mapping(settings.for_flask())
    app.extensions["settings"] = settings
    _bind_extensions(app)
    _register_pages(app)
    return app


def _bind_extensions(app: Flask) -> None:
    from forum.api.bearer import init_bearer
    from forum.error_views import init_errors
    from forum.jobs import init_jobs
    from forum.limiting import init_limiting
    from forum.proxies import init_proxies
    from forum.realtime import init_realtime
    from forum.sessions import init_sessions
    from forum.settings.renewal import init_renewal
    from forum.static_views import init_static
    from forum.tracing import init_tracing
    from forum.transport import init_transport
    from forum.web import init_web, select_locale

    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS))
    babel.init_app(app, locale_selector=select_locale)
    init_renewal(app)
    init_tracing(app)
    init_static(app)
    init_web(app)
    init_errors(app)
    csrf.init_app(app)
    init_limiting(app)
    login_manager.init_app(app)
    init_realtime(app)
    init_transport(app, app.extensions["settings"])
    init_jobs(app)
    init_bearer(app)
    init_sessions(app)
    init_proxies(app, app.extensions["settings"])


def _register_pages(app: Flask) -> None:
    from forum.administration.audit_views import blueprint as audit_pages
    from forum.administration.members_views import blueprint as admin_members_pages
    from forum.administration.settings_views import blueprint as admin_settings_pages
    from forum.administration.units_views import blueprint as admin_units_pages
    from forum.administration.views import blueprint as administration_pages
    from forum.api.document_views import blueprint as document_pages
    from forum.api.token_views import blueprint as tokens_pages
    from forum.api.v1 import blueprint as api_calls
    from forum.attendance.check_in_views import blueprint as check_in_pages
    from forum.attendance.views import blueprint as attendance_pages
    from forum.charts.views import blueprint as charts_pages
    from forum.classes.announcements_views import blueprint as announcements_pages
    from forum.classes.groups_views import blueprint as groups_pages
    from forum.classes.programme_views import blueprint as programme_pages
    from forum.classes.roster_views import blueprint as roster_pages
    from forum.classes.setup_views import blueprint as class_setup_pages
    from forum.classes.slips_views import blueprint as slips_pages
    from forum.classes.views import blueprint as classes_pages
    from forum.closings.views import blueprint as closing_pages
    from forum.coverage.views import blueprint as coverage_pages
    from forum.discussions.desk import blueprint as desk_pages
    from forum.discussions.draft_views import blueprint as drafts_pages
    from forum.discussions.file_views import blueprint as files_pages
    from forum.discussions.print_views import blueprint as printed_pages
    from forum.discussions.setup_views import blueprint as discussion_setup_pages
    from forum.discussions.views import blueprint as discussions_pages
    from forum.discussions.wall import blueprint as wall_pages
    from forum.health_views import blueprint as health_pages
    from forum.home.moderation_views import blueprint as moderation_pages
    from forum.home.own_views import blueprint as own_pages
    from forum.home.views import blueprint as home_pages
    from forum.inbox.views import blueprint as inbox_pages
    from forum.instructors.views import blueprint as instructors_pages
    from forum.interop.removal_views import blueprint as removal_pages
    from forum.matrix.views import blueprint as matrix_pages
    from forum.members.account_views import blueprint as account_pages
    from forum.members.code_views import blueprint as code_pages
    from forum.members.reset_views import blueprint as reset_pages
    from forum.members.views import blueprint as members_pages
    from forum.notifications.views import blueprint as notification_pages
    from forum.organising.views import blueprint as organising_pages
    from forum.reports.views import blueprint as report_pages
    from forum.search.views import blueprint as search_pages
    from forum.statistics.rows_views import blueprint as figures_rows_pages
    from forum.statistics.views import blueprint as statistics_pages
    from forum.takeaway.views import blueprint as takeaway_pages
    from forum.templating import init_templating

    for pages in (
        members_pages,
        code_pages,
        reset_pages,
        account_pages,
        classes_pages,
        class_setup_pages,
        programme_pages,
        groups_pages,
        announcements_pages,
        roster_pages,
        slips_pages,
        attendance_pages,
        check_in_pages,
        discussions_pages,
        drafts_pages,
        files_pages,
        discussion_setup_pages,
        closing_pages,
        removal_pages,
        printed_pages,
        desk_pages,
        wall_pages,
        search_pages,
        statistics_pages,
        report_pages,
        matrix_pages,
        instructors_pages,
        coverage_pages,
        charts_pages,
        figures_rows_pages,
        organising_pages,
        home_pages,
        takeaway_pages,
        own_pages,
        moderation_pages,
        inbox_pages,
        notification_pages,
        health_pages,
        tokens_pages,
        document_pages,
        api_calls,
        administration_pages,
        admin_members_pages,
        admin_units_pages,
        admin_settings_pages,
        audit_pages,
    ):
        app.register_blueprint(pages)
    # A program brings its token with each call; no browser adds it by itself.
    csrf.exempt(api_calls)
    init_templating(app)
