/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-dbus.h"
#include "pf-demand.h"

G_BEGIN_DECLS

void pf_controller_calls_connect (PfDBusManager *manager, PfServices *services);

G_END_DECLS
