/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean pf_libvirt_xml_find_device (const char *xml, const char *controller, char **alias);

G_END_DECLS
