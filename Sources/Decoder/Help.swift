enum Help {
  static let text = """
    thumbnail-decoder: makes pictures of videos it is given the bytes of, locked up.

    It is started by auto-generate-thumbnail, with a socket on descriptor 3 and nothing else. By hand there is only
      thumbnail-decoder --allowed-calls   the system calls a process that decodes may make; any other one ends it
      thumbnail-decoder --version
      thumbnail-decoder --help
    """
}
