/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-switcher.h"

G_BEGIN_DECLS

#define PF_RELEASE_MIN_SECONDS 5
#define PF_RELEASE_MAX_SECONDS 120

/**
 * PfRelease:
 *
 * A switch that has not begun: it needs a controller back that a virtual machine holds, and waits for that to
 * let go.
 */
typedef struct _PfRelease PfRelease;

PfRelease *
pf_release_new (const PfSwitchRequest *request, GTask *task, GSourceFunc on_deadline, gpointer user_data);
void pf_release_free (PfRelease *release);
const PfSwitchRequest *pf_release_get_request (const PfRelease *release);
GTask *pf_release_take_task (PfRelease *release);
gint64 pf_release_get_deadline (const PfRelease *release);
gboolean pf_release_needs (const PfSwitchRequest *request, const PfBoard *board, const PfGroup *group);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfRelease, pf_release_free)

G_END_DECLS
