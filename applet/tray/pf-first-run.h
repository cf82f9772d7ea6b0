/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tray.h"

G_BEGIN_DECLS

#define PF_TYPE_FIRST_RUN (pf_first_run_get_type ())
G_DECLARE_FINAL_TYPE (PfFirstRun, pf_first_run, PF, FIRST_RUN, GObject)

/**
 * PfFirstRun:
 *
 * Finds out, once for each person, whether somebody has to be shown the first steps.
 *
 * Signals:
 *  - `welcome` (PfFirstRun *): there is no profile yet, and this person has never been welcomed.
 */
PfFirstRun *pf_first_run_new (PfTray *tray);
void pf_first_run_begin (PfFirstRun *run);

G_END_DECLS
