/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests on made-up machines and those on the fake kernel have in common. */
#pragma once

#include "pf-plan.h"

G_BEGIN_DECLS

const PfChipsetTable *pf_test_wish_get_chipsets (void);
void pf_test_wish_fill (PfProfile *profile, const PfBoard *board, const char *controllers, const char *ports);

G_END_DECLS
