/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-dbus.h"
#include "pf-board.h"
#include "pf-labels.h"

G_BEGIN_DECLS

void pf_router_object_update (PfDBusRouter *skeleton, const PfRouter *router, PfLabels *labels);

G_END_DECLS
