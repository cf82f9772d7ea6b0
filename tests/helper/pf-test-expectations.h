/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is expected of a machine's controllers, in a file beside its board: tests/boards/README.md describes
 * it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PF_TEST_NOTHING "nothing"

GHashTable *pf_test_expectations_load (const char *board);
char *pf_test_expectations_normalize (const char *words);

G_END_DECLS
