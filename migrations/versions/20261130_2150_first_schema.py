"""The first schema: units, members, classes, discussions, posts, participation, imported records."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261130_2150"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "classes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("class", "salon", "cohort", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("roster_revision", sa.Integer(), nullable=False),
        sa.Column("attendance_revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_classes"),
        sa.UniqueConstraint("slug", name="uq_classes_slug"),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name="fk_units_parent_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_units"),
        sa.UniqueConstraint("path", name="uq_units_path"),
    )
    op.create_index("ix_units_parent_id", "units", ["parent_id"])
    op.create_index("ix_units_sort_key", "units", ["sort_key"])
    op.create_table(
        "activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "lecture",
                "topic_forum",
                "plenary_exchange",
                "visit",
                "talk",
                name="activitykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("speaker", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name="fk_activities_class_id_classes", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_activities"),
    )
    op.create_index("ix_activities_class_id", "activities", ["class_id"])
    op.create_table(
        "groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name="fk_groups_class_id_classes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
        sa.UniqueConstraint("class_id", "name", name="uq_groups_class_id_name"),
    )
    op.create_table(
        "imported_records",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "member", "discussion", "post", name="recordkind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("local_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name="fk_imported_records_class_id_classes", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("class_id", "kind", "external_id", name="pk_imported_records"),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("session_stamp", sa.String(length=32), nullable=False),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=True),
        sa.Column("first_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_members_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
        sa.UniqueConstraint("email", name="uq_members_email"),
        sa.UniqueConstraint("phone", name="uq_members_phone"),
    )
    op.create_index("ix_members_sort_key_id", "members", ["sort_key", "id"])
    op.create_index("ix_members_unit_id", "members", ["unit_id"])
    op.create_table(
        "discussions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum("before", "during", "after", name="stage", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("prompt_html", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("class", "groups", name="audience", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("post_first", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name="fk_discussions_activity_id_activities"),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name="fk_discussions_class_id_classes", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_discussions"),
    )
    op.create_index("ix_discussions_activity_id", "discussions", ["activity_id"])
    op.create_index("ix_discussions_class_id", "discussions", ["class_id"])
    op.create_table(
        "enrolments",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "trainee", "instructor", "observer", name="role", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("organises", sa.Boolean(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name="fk_enrolments_class_id_classes", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_enrolments_group_id_groups"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_enrolments_member_id_members"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_enrolments_unit_id_units"),
        sa.PrimaryKeyConstraint("class_id", "member_id", name="pk_enrolments"),
    )
    op.create_index("ix_enrolments_group_id", "enrolments", ["group_id"])
    op.create_index("ix_enrolments_member_id", "enrolments", ["member_id"])
    op.create_index("ix_enrolments_unit_id", "enrolments", ["unit_id"])
    op.create_table(
        "password_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_password_links_member_id_members", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_password_links"),
        sa.UniqueConstraint("token_hash", name="uq_password_links_token_hash"),
    )
    op.create_index("ix_password_links_member_id", "password_links", ["member_id"])
    op.create_table(
        "second_steps",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("last_count", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_second_steps_member_id_members", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name="pk_second_steps"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_recovery_codes_member_id_members", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "code_hash", name="pk_recovery_codes"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "scope",
            sa.Enum("read", "write", name="scope", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("session_stamp", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_api_tokens_member_id_members", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("digest", name="uq_api_tokens_digest"),
    )
    op.create_index("ix_api_tokens_member_id", "api_tokens", ["member_id"])
    op.create_table(
        "discussion_groups",
        sa.Column("discussion_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["discussion_id"],
            ["discussions.id"],
            name="fk_discussion_groups_discussion_id_discussions",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_discussion_groups_group_id_groups"),
        sa.PrimaryKeyConstraint("discussion_id", "group_id", name="pk_discussion_groups"),
    )
    op.create_index("ix_discussion_groups_group_id", "discussion_groups", ["group_id"])
    op.create_table(
        "participation",
        sa.Column("discussion_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("reflections", sa.Integer(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id", "member_id"],
            ["enrolments.class_id", "enrolments.member_id"],
            name="fk_participation_class_id_member_id_enrolments",
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name="fk_participation_class_id_classes", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussions.id"], name="fk_participation_discussion_id_discussions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_participation_member_id_members"),
        sa.PrimaryKeyConstraint("discussion_id", "member_id", name="pk_participation"),
    )
    op.create_index("ix_participation_class_id_member_id", "participation", ["class_id", "member_id"])
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("discussion_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "trainee", "instructor", "observer", name="role", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column(
            "format",
            sa.Enum(
                "markdown", "html", "text", name="bodyformat", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("likes", sa.Integer(), nullable=False),
        sa.Column("file_count", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("featured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("featured_by_id", sa.Integer(), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by_id", sa.Integer(), nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_id", sa.Integer(), nullable=True),
        sa.Column("deleted_reason", sa.Text(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(parent_id IS NULL) = (depth = 0)", name=op.f("ck_posts_depth_of_reply")),
        sa.CheckConstraint("(parent_id IS NULL) = (root_id IS NULL)", name=op.f("ck_posts_root_of_reply")),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name="fk_posts_author_id_members"),
        sa.ForeignKeyConstraint(
            ["class_id", "author_id"],
            ["enrolments.class_id", "enrolments.member_id"],
            name="fk_posts_class_id_author_id_enrolments",
        ),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name="fk_posts_class_id_classes", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["members.id"], name="fk_posts_deleted_by_id_members"),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussions.id"], name="fk_posts_discussion_id_discussions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["featured_by_id"], ["members.id"], name="fk_posts_featured_by_id_members"),
        sa.ForeignKeyConstraint(["hidden_by_id"], ["members.id"], name="fk_posts_hidden_by_id_members"),
        sa.ForeignKeyConstraint(["parent_id"], ["posts.id"], name="fk_posts_parent_id_posts"),
        sa.ForeignKeyConstraint(["root_id"], ["posts.id"], name="fk_posts_root_id_posts"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint("author_id", "token", name="uq_posts_author_id_token"),
        sa.UniqueConstraint("discussion_id", "number", name="uq_posts_discussion_id_number"),
    )
    times = ["class_id", "created_at", "role", "hidden_at", "deleted_at", "discussion_id", "author_id", "root_id"]
    op.create_index("ix_posts_times", "posts", [*times, "characters"])
    comments = sa.text("role = 'instructor' AND hidden_at IS NULL AND deleted_at IS NULL")
    op.create_index(
        "ix_posts_comments",
        "posts",
        ["class_id", "discussion_id", "root_id", "created_at"],
        sqlite_where=comments,
        postgresql_where=comments,
    )
    op.create_index("ix_posts_discussion_id_author_id", "posts", ["discussion_id", "author_id"])
    op.create_index("ix_posts_discussion_id_revision", "posts", ["discussion_id", "revision"])
    op.create_index("ix_posts_discussion_id_root_id_number", "posts", ["discussion_id", "root_id", "number"])
    op.create_index("ix_posts_parent_id", "posts", ["parent_id"])
    op.create_table(
        "read_marks",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("discussion_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussions.id"], name="fk_read_marks_discussion_id_discussions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_read_marks_member_id_members", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "discussion_id", name="pk_read_marks"),
    )
    op.create_table(
        "materials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name="fk_materials_activity_id_activities", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_materials"),
    )
    op.create_index("ix_materials_activity_id", "materials", ["activity_id"])
    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name="fk_announcements_author_id_members"),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name="fk_announcements_class_id_classes", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
    )
    op.create_index("ix_announcements_class_id", "announcements", ["class_id"])
    op.create_table(
        "post_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_versions_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_post_versions"),
    )
    op.create_index("ix_post_versions_post_id", "post_versions", ["post_id"])
    op.create_table(
        "drafts",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("discussion_id", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussions.id"], name="fk_drafts_discussion_id_discussions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_drafts_member_id_members", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", "discussion_id", "parent", name="pk_drafts"),
    )
    op.create_table(
        "likes",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_likes_member_id_members"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_likes_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "member_id", name="pk_likes"),
    )
    op.create_index("ix_likes_member_id", "likes", ["member_id"])
    op.create_table(
        "desk_marks",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_desk_marks_member_id_members", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_desk_marks_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "member_id", name="pk_desk_marks"),
    )
    op.create_table(
        "closing_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("discussion_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name="fk_closing_records_class_id_classes", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["members.id"], name="fk_closing_records_closed_by_id_members"),
        sa.ForeignKeyConstraint(
            ["discussion_id"],
            ["discussions.id"],
            name="fk_closing_records_discussion_id_discussions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_closing_records"),
        sa.UniqueConstraint("discussion_id", "closed_at", name="uq_closing_records_discussion_id_closed_at"),
    )
    op.create_index("ix_closing_records_class_id", "closing_records", ["class_id"])
    op.create_table(
        "notifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reply",
                "comment",
                "featured",
                "opening",
                "closing",
                "reminder",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("discussion_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["members.id"], name="fk_notifications_actor_id_members"),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussions.id"], name="fk_notifications_discussion_id_discussions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_notifications_member_id_members", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_notifications_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        sa.UniqueConstraint("post_id", "member_id", "kind", name="uq_notifications_post_id_member_id_kind"),
    )
    op.create_index("ix_notifications_member_id_id", "notifications", ["member_id", "id"])
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_notifications_unread", "notifications", ["member_id"], sqlite_where=unread, postgresql_where=unread
    )
    op.create_index("ix_notifications_discussion_id", "notifications", ["discussion_id"])
    op.create_index("ix_notifications_created_at", "notifications", ["created_at"])
    op.create_table(
        "notification_rounds",
        sa.Column("discussion_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reply",
                "comment",
                "featured",
                "opening",
                "closing",
                "reminder",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name="fk_notification_rounds_by_id_members"),
        sa.ForeignKeyConstraint(
            ["discussion_id"],
            ["discussions.id"],
            name="fk_notification_rounds_discussion_id_discussions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("discussion_id", "kind", "day", name="pk_notification_rounds"),
    )
    op.create_table(
        "notification_settings",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("mail_hour", sa.Integer(), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_notification_settings_member_id_members", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name="pk_notification_settings"),
    )
    op.create_table(
        "muted_kinds",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reply",
                "comment",
                "featured",
                "opening",
                "closing",
                "reminder",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_muted_kinds_member_id_members", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "kind", name="pk_muted_kinds"),
    )
    op.create_table(
        "post_words",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("discussion_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Integer().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_words_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", name="pk_post_words"),
    )
    op.create_index("ix_post_words_words", "post_words", ["words"], postgresql_using="gin")
    if op.get_bind().dialect.name == "sqlite":
        # Words come separated by spaces; "ascii" leaves every other character alone.
        op.execute("CREATE VIRTUAL TABLE post_index USING fts5(words, content='', tokenize='ascii')")
    op.create_table(
        "attendance",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "trainee", "instructor", "observer", name="role", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum("list", "code", name="way", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name="fk_attendance_activity_id_activities"),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name="fk_attendance_by_id_members"),
        sa.ForeignKeyConstraint(
            ["class_id", "member_id"],
            ["enrolments.class_id", "enrolments.member_id"],
            name="fk_attendance_class_id_member_id_enrolments",
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name="fk_attendance_class_id_classes", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_attendance_member_id_members"),
        sa.PrimaryKeyConstraint("activity_id", "member_id", name="pk_attendance"),
    )
    op.create_index("ix_attendance_class_id_member_id", "attendance", ["class_id", "member_id"])
    op.create_table(
        "speeches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "trainee", "instructor", "observer", name="role", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id", "member_id"],
            ["attendance.activity_id", "attendance.member_id"],
            name="fk_speeches_activity_id_member_id_attendance",
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name="fk_speeches_activity_id_activities"),
        sa.ForeignKeyConstraint(
            ["class_id", "member_id"],
            ["enrolments.class_id", "enrolments.member_id"],
            name="fk_speeches_class_id_member_id_enrolments",
        ),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name="fk_speeches_class_id_classes", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_speeches_member_id_members"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["members.id"], name="fk_speeches_recorded_by_id_members"),
        sa.PrimaryKeyConstraint("id", name="pk_speeches"),
    )
    op.create_index("ix_speeches_activity_id_member_id", "speeches", ["activity_id", "member_id"])
    op.create_index("ix_speeches_class_id_member_id", "speeches", ["class_id", "member_id"])
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                *("jpg", "png", "webp", "pdf", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "txt", "csv"),
                name="filetype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drop_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("post_id IS NULL OR activity_id IS NULL", name=op.f("ck_attachments_one_place")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name="fk_attachments_activity_id_activities", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_attachments_member_id_members"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_attachments_post_id_posts", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["removed_by_id"], ["members.id"], name="fk_attachments_removed_by_id_members"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
    )
    op.create_index("ix_attachments_activity_id", "attachments", ["activity_id"])
    op.create_index("ix_attachments_drop_at", "attachments", ["drop_at"])
    op.create_index("ix_attachments_member_id_created_at", "attachments", ["member_id", "created_at"])
    op.create_index("ix_attachments_post_id", "attachments", ["post_id"])
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"])
    op.create_index("ix_audit_entries_actor_id_id", "audit_entries", ["actor_id", "id"])
    op.create_index("ix_audit_entries_member_id_id", "audit_entries", ["member_id", "id"])
    op.create_index("ix_audit_entries_class_id_id", "audit_entries", ["class_id", "id"])
    op.create_index("ix_audit_entries_verb_id", "audit_entries", ["verb", "id"])
    op.create_table(
        "settings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_settings"),
    )


def downgrade() -> None:
    op.drop_table("settings")
    op.drop_table("audit_entries")
    op.drop_table("attachments")
    op.drop_table("speeches")
    op.drop_table("attendance")
    op.execute("DROP TABLE IF EXISTS post_index")
    op.drop_table("post_words")
    op.drop_table("muted_kinds")
    op.drop_table("notification_settings")
    op.drop_table("notification_rounds")
    op.drop_table("notifications")
    op.drop_table("closing_records")
    op.drop_table("desk_marks")
    op.drop_table("likes")
    op.drop_table("drafts")
    op.drop_table("post_versions")
    op.drop_table("announcements")
    op.drop_table("materials")
    op.drop_table("read_marks")
    op.drop_table("posts")
    op.drop_table("participation")
    op.drop_table("discussion_groups")
    op.drop_table("api_tokens")
    op.drop_table("recovery_codes")
    op.drop_table("second_steps")
    op.drop_table("password_links")
    op.drop_table("enrolments")
    op.drop_table("discussions")
    op.drop_table("members")
    op.drop_table("imported_records")
    op.drop_table("groups")
    op.drop_table("activities")
    op.drop_table("units")
    op.drop_table("classes")
