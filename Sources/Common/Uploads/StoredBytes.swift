internal import Digests
internal import FoundationEssentials
internal import Transfer

/// Compares bytes with what a store's answer tells of the object it has.
enum StoredBytes {
  /// Whether the object has these bytes; nil if the answer does not tell.
  ///
  /// A checksum header decides. An ETag is an MD5 only if the object is neither encrypted with somebody's key (SSE-KMS, SSE-C) nor uploaded
  /// in parts (Amazon S3 API Reference, "Object": `ETag`).
  static func agree(_ headers: HeaderFields, with bytes: [UInt8]) -> Bool? {
    if let checksum = headers["x-amz-checksum-sha256"], !checksum.contains("-") {
      return checksum == Data(SHA256.digest(bytes)).base64EncodedString()
    }
    guard !isEncrypted(headers), let tag = digest(headers["etag"]), let own = MD5.hex(bytes) else { return nil }
    return tag == own
  }

  private static func isEncrypted(_ headers: HeaderFields) -> Bool {
    headers["x-amz-server-side-encryption"]?.lowercased().hasPrefix("aws:kms") == true
      || headers["x-amz-server-side-encryption-customer-algorithm"] != nil
  }

  private static func digest(_ tag: String?) -> String? {
    guard let text = tag?.lowercased().filter({ $0 != "\"" }) else { return nil }
    return text.count == 32 && text.allSatisfy(\.isHexDigit) ? text : nil
  }
}
