enum Help {
  static let text = """
    thumbnail-decoder: makes pictures of videos in a sandbox, from bytes that it is sent.

    auto-generate-thumbnail starts it, with a socket on descriptor 3 and nothing else. By hand you can only run
      thumbnail-decoder --allowed-calls   prints the system calls that a decoding process may make; any other call ends it
      thumbnail-decoder --version
      thumbnail-decoder --help
    """
}
