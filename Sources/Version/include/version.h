#pragma once

/// The version this was built as; `development` for a build that no script gave one.
const char *_Nonnull handlers_version(void);
