import Testing

@testable import Uploads

@Suite struct ListingXMLTests {
  private func page(_ contents: String, truncated: Bool = false) -> String {
    "<?xml version='1.0'?><ListBucketResult xmlns='http://s3.amazonaws.com/doc/2006-03-01/'><Name>b</Name><IsTruncated>\(truncated)</IsTruncated>"
      + contents + "</ListBucketResult>"
  }

  @Test func entriesInOrder() throws {
    let listing = try #require(
      ListingXML(
        page(
          "<Contents><Key>thumbnails/a/1-1.jpg</Key><LastModified>2026-01-02T03:04:05.678Z</LastModified><Size>9</Size></Contents>"
            + "<Contents><Key>thumbnails/b/2-2.jpg</Key><LastModified>2026-01-02T03:04:06Z</LastModified></Contents>"))?.listing
    )
    #expect(listing.entries.map(\.key) == ["thumbnails/a/1-1.jpg", "thumbnails/b/2-2.jpg"])
    #expect(listing.entries[0].modifiedSeconds == 1_767_323_045)
    #expect(listing.next == nil)
  }

  @Test func aTruncatedPageGoesOnBehindItsLastKey() throws {
    let listing = try #require(
      ListingXML(
        page(
          "<Contents><Key>thumbnails/odd&amp;key</Key><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>",
          truncated: true))?.listing)
    #expect(listing.entries.map(\.key) == ["thumbnails/odd&key"])
    #expect(listing.next == "thumbnails/odd&key")
    #expect(S3Store.encoded("thumbnails/odd&key é") == "thumbnails%2Fodd%26key%20%C3%A9")
  }

  @Test(
    "references as they are written",
    arguments: [
      ("a&#34;b&#x27;c", "a\"b'c"), ("&lt;&gt;&quot;&apos;&amp;amp;", "<>\"'&amp;"), ("a & b;", "a & b;"),
      ("&#xD800;&#;&x;&#0;", "&#xD800;&#;&x;&#0;"),
    ])
  func references(written: String, key: String) {
    let contents = "<Contents><Key>\(written)</Key><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>"
    #expect(ListingXML(page(contents, truncated: true))?.listing.next == key)
  }

  @Test(arguments: [
    "", "<html>", "<Error><Code>NoSuchBucket</Code></Error>", "<ListBucketResult><Contents></Contents></ListBucketResult>",
    // Neither the end nor where to go on.
    "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
    // Of an object without a time nobody would ever know that it is old.
    "<ListBucketResult><Contents><Key>thumbnails/a</Key></Contents></ListBucketResult>",
    "<ListBucketResult><Contents><Key>thumbnails/a</Key><LastModified>yesterday</LastModified></Contents></ListBucketResult>",
  ])
  func whatIsNoListing(text: String) { #expect(ListingXML(text) == nil) }
}
