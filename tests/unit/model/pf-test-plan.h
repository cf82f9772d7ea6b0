/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-test-board.h"

G_BEGIN_DECLS

PfProfile *pf_test_plan_make_profile (const PfTestBoard *board,
                                      const char *id,
                                      const char *controllers,
                                      const char *ports);
PfPlan *pf_test_plan_compute (const PfTestBoard *board, const PfProfile *profile, GError **error);
void pf_test_plan_switch (PfTestBoard *board, const PfProfile *profile);
void pf_test_plan_record (PfTestBoard *board, const PfStep *step, gboolean done);
void pf_test_plan_move (PfTestBoard *board, const PfStep *step);
void pf_test_plan_carry_out (PfTestBoard *board, const PfStep *step);
char *pf_test_plan_describe (const PfPlan *plan);

void pf_test_plan_assert (const PfTestBoard *board, const PfProfile *profile, const char *expected);
void pf_test_plan_assert_switch (PfTestBoard *board, const PfProfile *profile, const char *expected);
void pf_test_plan_assert_home (PfTestBoard *board, const char *expected, const char *start);

G_END_DECLS
