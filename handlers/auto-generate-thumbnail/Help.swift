enum Help {
  static let text = """
    auto-generate-thumbnail: makes the thumbnail of a finished video.

    Started by a FastCGI supervisor (descriptor 0 is a listening socket) or by a CGI server it answers
      POST /functions/v1/auto-generate-thumbnail   {"videoId": "<uuid>", …}

    On a command line:
      auto-generate-thumbnail render SOURCE --output FILE [--aspect 16:9|9:16] [--time SECONDS] [--json]
          makes the thumbnail of one file or http(s) URL, without a database; exit 0, or 1 with the reason
      auto-generate-thumbnail gc [--dry-run]
          deletes the objects no row names (replaced, refused, left behind by workers that died); --dry-run lists them
      auto-generate-thumbnail --check      verifies settings, database, decoder and storage; exit 0 or 1
      auto-generate-thumbnail --version
      auto-generate-thumbnail --help

    Settings come from the environment: DATABASE_URL, SERVICE_ROLE_KEY, R2_… or THUMBNAILS_DIRECTORY, and others; each secret
    also from a file named by NAME_FILE. docs/settings.md has them all.
    """
}
