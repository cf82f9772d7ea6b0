/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fuzz target offers. With clang, -Dfuzzing=true links it with libFuzzer; without, pf-fuzz-main.c
 * feeds it for a bounded time, always the same for the same seed, as a test of the suite fuzz. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Looks at @data, any bytes, and aborts where something is wrong. libFuzzer's name for it. Returns: 0 */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What the format is made of, so that not everything is refused at the first byte; NULL at the end. */
extern const char *const pf_fuzz_words[];

/* What targets check, in pf-fuzz-check.c. */
void pf_fuzz_check_error (gboolean done, const GError *error);
void pf_fuzz_check_text (const char *text);
void pf_fuzz_check_line (const char *text);
char *pf_fuzz_to_text (const guint8 *data, gsize size);
const char *pf_fuzz_get_folder (void);

G_END_DECLS
