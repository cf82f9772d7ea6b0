/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-error.h"

G_BEGIN_DECLS

#define PF_BUS_NAME "org.portferry1"
#define PF_BUS_PATH "/org/portferry1"
#define PF_BUS_MANAGER_PATH PF_BUS_PATH "/manager"
#define PF_BUS_CONTROLLERS_PATH PF_BUS_PATH "/controllers"
#define PF_BUS_PROFILES_PATH PF_BUS_PATH "/profiles"
#define PF_BUS_ERROR_PREFIX PF_BUS_NAME ".Error."

void pf_bus_register_errors (void);
char *pf_bus_controller_path (const char *address);
char *pf_bus_profile_path (const char *id);
char *pf_bus_profile_id_from_path (const char *path, GError **error);
char *pf_bus_controller_address_from_path (const char *path, GError **error);

G_END_DECLS
