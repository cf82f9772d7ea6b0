/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/stat.h>

#include "pf-doctor-file.h"
#include "pf-doctor-report-private.h"

#define DEVICES "sys/bus/pci/devices"
#define HEADER_TYPE 0x0e
#define SMALL_CONFIG 256
#define LARGE_CONFIG 4096

/* How the kernel shows an override that is not set: drivers/base/driver.c before 6.13 and elsewhere. */
static gboolean
is_unset (const char *override)
{
  return *override == '\0' || g_str_equal (override, "(null)");
}

/**
 * pf_doctor_report_has_empty_overrides:
 * @addresses: (array zero-terminated=1): PCI functions
 *
 * Returns: whether an override that is not set is shown as an empty line on this machine
 */
gboolean
pf_doctor_report_has_empty_overrides (const Report *report, char **addresses)
{
  for (guint i = 0; addresses[i] != NULL; i++)
    {
      g_autofree char *path = g_strdup_printf (DEVICES "/%s/driver_override", addresses[i]);
      g_autofree char *override = pf_doctor_file_read (report->root, path);

      if (override != NULL && is_unset (override))
        return *override == '\0';
    }
  return FALSE;
}

static void
add_override (Report *report, const char *folder, const char *address)
{
  g_autofree char *override = pf_doctor_file_read_attribute (report->root, folder, "driver_override");

  if (override == NULL || is_unset (override))
    return;
  pf_doctor_report_add_text (report, "override", override);
  pf_doctor_report_add_driverctl (report, address, override);
}

/* The size of the file is that of the function's config space: PCI Express has 4096 bytes. A board takes that
 * for granted but on the first bus. */
static void
add_config_size (Report *report, const char *folder, const char *address)
{
  g_autofree char *path = g_build_filename (report->root, folder, "config", NULL);
  const char *bus = strchr (address, ':');
  struct stat status;
  int usual = bus != NULL && g_str_has_prefix (bus, ":00:") ? SMALL_CONFIG : LARGE_CONFIG;

  if (stat (path, &status) != 0 || status.st_size == usual)
    return;
  if (status.st_size == SMALL_CONFIG || status.st_size == LARGE_CONFIG)
    pf_doctor_report_add (report, "config-size", "%d", (int) status.st_size);
}

static int
get_usual_header (guint class_code)
{
  if (class_code >> 8 == 0x0604)
    return 1;
  return class_code >> 8 == 0x0607 ? 2 : 0;
}

/* The layout of the header; a bridge by its layout stays with the host. One that reads as all ones is not
 * there. */
static void
add_header (Report *report, const char *folder, guint class_code)
{
  g_autofree char *path = g_build_filename (folder, "config", NULL);
  guint8 config[HEADER_TYPE + 1];
  int type;

  if (pf_doctor_file_read_bytes (report->root, path, config, sizeof config) < sizeof config)
    return;
  type = config[HEADER_TYPE] & 0x7f;
  if (type <= 2 && type != get_usual_header (class_code))
    pf_doctor_report_add (report, "header", "%d", type);
}

/**
 * pf_doctor_report_add_unusual:
 * @folder: of a PCI function, relative to the report's root
 * @address: the same function
 * @class_code: its class
 *
 * Adds what a board would not take for granted of it: an override that is set, the size of its config space,
 * a layout of the header that its class does not tell.
 */
void
pf_doctor_report_add_unusual (Report *report, const char *folder, const char *address, guint class_code)
{
  add_override (report, folder, address);
  add_config_size (report, folder, address);
  add_header (report, folder, class_code);
}
