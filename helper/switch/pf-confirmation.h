/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-switch-run.h"

G_BEGIN_DECLS

/**
 * PfConfirmation:
 *
 * A switch that was carried out and goes back by itself at a deadline, unless somebody confirms it.
 */
typedef struct _PfConfirmation PfConfirmation;

PfConfirmation *pf_confirmation_new (PfSwitchRun *run, GSourceFunc on_deadline, gpointer user_data);
void pf_confirmation_free (PfConfirmation *confirmation);
void pf_confirmation_pause (PfConfirmation *confirmation);
void pf_confirmation_resume (PfConfirmation *confirmation);
void pf_confirmation_expire (PfConfirmation *confirmation);
const PfSwitchRun *pf_confirmation_get_run (const PfConfirmation *confirmation);
gint64 pf_confirmation_get_deadline (const PfConfirmation *confirmation);

G_END_DECLS
