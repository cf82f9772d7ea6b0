/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"

G_BEGIN_DECLS

GPtrArray *pf_away_list_members (GPtrArray *controllers, const char *lender);

G_END_DECLS
