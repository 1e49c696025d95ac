"""Roles are named as clouds name them: the owner is an address, the workers' has capitals and blanks."""

from habit import SUPERUSER, expect

SLOW = True
MIGRATES = False
SERVER = {}


def holds(db):
    db.paste("""CREATE ROLE "Owner@project-1.iam" LOGIN; CREATE ROLE "The Workers" LOGIN IN ROLE thumbnail_handlers; CREATE ROLE "Some-App" LOGIN;
                GRANT ALL ON SCHEMA public TO "Owner@project-1.iam"; ALTER TABLE videos OWNER TO "Owner@project-1.iam"; GRANT ALL ON videos TO "Some-App"; """
             f"""GRANT CREATE ON DATABASE {db.name} TO "Owner@project-1.iam" """, SUPERUSER)
    db.migrate("Owner@project-1.iam")
    db.migrate(SUPERUSER, anew=True)
    db.connect()
    db.platform, db.worker = db.session("Owner@project-1.iam"), db.session("The Workers")
    db.configure()
    db.expect_life()
    db.platform = db.session("Some-App")
    video = db.add()
    db.make(video)
    db.expect_idle()
    expect("the owner triggers by hand", db.root('SET ROLE "Owner@project-1.iam"; SELECT public.manually_trigger_thumbnail_generation(%s) ->> \'error\'', video), "Thumbnail already exists")
    db.root("RESET ROLE")
