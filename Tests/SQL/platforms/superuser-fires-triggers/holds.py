"""A superuser applies the migrations, which fire the platform's triggers: with the rights of the owner of `videos`, and no others."""

from habit import expect

MIGRATED_BY = "postgres"


def holds(db):
    expect("fired", db.root("SELECT is_called FROM fired"), True)
    expect("as a superuser", db.root("SELECT is_called FROM fired_as_superuser"), False)
    expect("who migrates is who it was", db.root("SELECT count(*) FROM pg_class WHERE relname = 'applied_migrations'"), 1)
    db.platform("INSERT INTO system_config (key, value) VALUES ('pg_net', 'off')")
    db.sweep()
    expect("made", len(db.work_off()), 1)
    db.expect_life()
