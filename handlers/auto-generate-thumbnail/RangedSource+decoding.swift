internal import Decoding
internal import Transfer

/// Lets the decoder read from a remote file.
extension RangedSource: ByteSource {}
