/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-services.h"

G_BEGIN_DECLS

/**
 * PfDeadman:
 *
 * Takes what is lent back when the virtual machine that had it goes away, as the profile says, and what was
 * wanted home before when it lets go of it.
 */
typedef struct _PfDeadman PfDeadman;

PfDeadman *pf_deadman_new (const PfServices *services, const char *dev);
void pf_deadman_free (PfDeadman *deadman);
void pf_deadman_expect (PfDeadman *deadman);

G_END_DECLS
