/// What is chosen if the sound pictures are not enough.
extension FrameChoice {
  /// Chooses among the pictures from the current position on, damaged ones included; nil if none can be decoded.
  func chooseOnward() throws -> ChosenFrame? {
    decoder.acceptsDamage = true
    var ranking = CandidateRanking(file, shape: shape)
    _ = try examineNext(&ranking, atMost: file.mostFrames)
    guard var chosen = ranking.takeBest() else { return nil }
    chosen.isDegraded = true
    return chosen
  }

  /// Chooses among the sound pictures from the current position to the first encrypted one; nil if there is none.
  func chooseInClear() throws -> ChosenFrame? {
    // In other containers, no packet says that it is encrypted.
    guard file.containerName.hasPrefix("mov") else { return nil }
    decoder.staysInClear = true
    var ranking = CandidateRanking(file, shape: shape)
    _ = try examineNext(&ranking, atMost: file.mostFrames)
    return ranking.takeBest()
  }

  /// Chooses among damaged keyframes if no sound picture shows anything; nil if none is good.
  func chooseDamaged() throws -> ChosenFrame? {
    guard decoder.hasMetDamage, try !file.isScrambled() else { return nil }
    decoder.acceptsDamage = true
    defer { decoder.acceptsDamage = false }
    var ranking = CandidateRanking(file, shape: shape)
    _ = try examine(places, &ranking)
    guard ranking.hasGood, var chosen = ranking.takeBest() else { return nil }
    chosen.isDegraded = true
    return chosen
  }

  /// Chooses also among pictures that refer to lost ones, of which nobody can say how wrong they are; nil if none is good.
  func chooseBehindGaps() throws -> ChosenFrame? {
    decoder.avoidsGaps = false
    guard decoder.hasMetGap, decoder.mayReadOn else { return nil }
    var ranking = CandidateRanking(file, shape: shape)
    try look(&ranking)
    guard ranking.hasGood, var chosen = ranking.takeBest() else { return nil }
    chosen.isDegraded = true
    return chosen
  }
}
