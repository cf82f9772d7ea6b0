/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"

G_BEGIN_DECLS

/**
 * PfDrift:
 *
 * What the routers' registers held when we last left them, to notice that somebody else has changed them.
 */
typedef struct _PfDrift PfDrift;

/**
 * PfDriftFunc:
 * @router: PCI address
 * @was: XUSB2PR as we left it
 * @is: XUSB2PR now
 * @user_data: as given to pf_drift_compare()
 */
typedef void (*PfDriftFunc) (const char *router, guint32 was, guint32 is, gpointer user_data);

PfDrift *pf_drift_new (void);
void pf_drift_free (PfDrift *drift);
void pf_drift_remember (PfDrift *drift, const PfBoard *board, const PfLoans *loans);
void pf_drift_compare (PfDrift *drift, const PfBoard *board, PfDriftFunc report, gpointer user_data);

G_END_DECLS
