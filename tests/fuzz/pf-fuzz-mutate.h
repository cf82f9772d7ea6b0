/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void pf_fuzz_compose (GRand *random, const char *const *words, GByteArray *input);
void pf_fuzz_mutate (GRand *random, const char *const *words, const GByteArray *other, GByteArray *input);

G_END_DECLS
