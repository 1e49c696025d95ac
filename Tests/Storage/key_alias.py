"""A filter of the store's pipeline that gives one of its users a second key id.

tempauth's key ids are always `account:user`, other stores' never hold a colon. The key id is no part of what is signed
but for its place in the header, so that a name can be put in for another.
"""


def filter_factory(_global, **settings):
    alias, name = settings["alias"], settings["name"]

    def make(application):
        def run(environ, start_response):
            field = environ.get("HTTP_AUTHORIZATION", "")
            environ["HTTP_AUTHORIZATION"] = field.replace(f"Credential={alias}/", f"Credential={name}/")
            if not field:
                del environ["HTTP_AUTHORIZATION"]
            return application(environ, start_response)
        return run
    return make
