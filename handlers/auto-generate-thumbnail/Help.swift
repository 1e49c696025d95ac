enum Help {
  static let text = """
    auto-generate-thumbnail: makes the thumbnail of a finished video.

    Started by a FastCGI supervisor (descriptor 0 is a listening socket) or by a CGI server, it answers
      POST /functions/v1/auto-generate-thumbnail   {"videoId": "<uuid>", …}

    On a command line:
      auto-generate-thumbnail render SOURCE --output FILE [--aspect 16:9|9:16] [--time SECONDS] [--json]
          makes the thumbnail of one file or http(s) URL, without a database; exit 0, or 1 and the reason
      auto-generate-thumbnail gc [--dry-run]
          deletes the objects that no row names (replaced, refused, left behind by dead workers); --dry-run only lists them
      auto-generate-thumbnail --check      verifies settings, database, decoder and storage; exit 0 or 1
      auto-generate-thumbnail --version
      auto-generate-thumbnail --help

    Settings come from the environment: DATABASE_URL, SERVICE_ROLE_KEY, R2_… or THUMBNAILS_DIRECTORY, and others. A secret
    may also come from a file that NAME_FILE names. docs/settings.md lists all settings.
    """
}
