import Settings
import Testing

@testable import DatabaseClient

@Suite struct ConnectionStringTests {
  @Test(
    "what libpq understands is left to it",
    arguments: [
      "postgresql:///videos", "postgresql://u:p%40ss@db.example.com:5432/videos?sslmode=verify-full",
      "host=/run/postgresql dbname=videos",
      "postgresql://u@db1.example.com:5432,db2.example.com:5433/videos", "host=@abstract user=u password='p@ss/w'",
      "postgresql://u:p@[::1]:5432/videos", "dbname=videos",
      "postgresql://u:p?ss@db.example.com/videos",
    ])
  func accepted(text: String) { #expect(ConnectionStringFault(Secret(text)) == nil) }

  @Test(
    "a password that is not percent-encoded, and what is no connection string, are refused without a letter of them",
    arguments: [
      "postgresql://u:p@placeholder@db.example.com/videos", "postgresql://u:p/placeholder@db.example.com/videos",
      "postgresql//u:placeholder@db.example.com/videos", "postgresql://u:12?placeholder/w@db.example.com/videos",
      "postgresql://u:%zzplaceholder@db.example.com/videos", "placeholder",
    ])
  func refused(text: String) {
    let sentence = ConnectionStringFault(Secret(text))?.sentence
    #expect(sentence?.contains("percent-encoded") == true)
    #expect(sentence?.contains("placeholder") == false)
  }

  @Test(
    "an option that libpq does not know is told from a password",
    arguments: ["postgresql://u:p@db.example.com/videos?schema=public", "postgresql:///videos?sslmode=require&pgbouncer=true"])
  func unknownOption(text: String) {
    #expect(ConnectionStringFault(Secret(text))?.sentence.contains("an option after ?") == true)
  }
}
