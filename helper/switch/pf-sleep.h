/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-switcher.h"

G_BEGIN_DECLS

guint pf_sleep_watch (GDBusConnection *bus, PfSwitcher *switcher);

G_END_DECLS
