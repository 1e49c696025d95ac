#pragma once

/// The version of this build; `development` unless a script has set one.
const char *_Nonnull handlers_version(void);
