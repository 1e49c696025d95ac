/// Why a request cannot be understood; the text goes into the reply.
struct BadRequest: Error, Equatable {
  let text: String
}
