"""`status` has another word for a finished video: refused, and nothing is changed."""

REFUSED = "knows no word 'completed', which says that a video is finished, or is neither text, varchar nor an enum. Rename it to stage, say, and ADD status text"
