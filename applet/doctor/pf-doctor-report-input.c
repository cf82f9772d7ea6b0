/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keyboards and pointers that are not on USB, and what tells a laptop. */

#include <stdlib.h>
#include <string.h>

#include "pf-doctor-file.h"
#include "pf-doctor-report-private.h"

#define INPUTS "sys/class/input"
#define ADAPTERS "sys/class/bluetooth"
#define POWER "sys/class/power_supply"

/* The kernel prints bitmaps as longs, the highest first. Whether it has all bits of @bits in the word @index
 * from the end. */
static gboolean
bitmap_has (const Report *report, const char *folder, const char *name, guint index, guint64 bits)
{
  g_autofree char *text = pf_doctor_file_read_attribute (report->root, folder, name);
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", " ", -1);
  guint n = g_strv_length (words);

  return index < n && (g_ascii_strtoull (words[n - 1 - index], NULL, 16) & bits) == bits;
}

/* Q to P; REL_X and REL_Y; ABS_X and ABS_Y with BTN_LEFT or BTN_TOUCH. Of no others a report needs to know.
 */
static const char *
find_kind (const Report *report, const char *folder)
{
  gboolean keyboard = bitmap_has (report, folder, "capabilities/key", 0, 0x3ff0000);
  gboolean mouse = bitmap_has (report, folder, "capabilities/rel", 0, 3);
  gboolean touch = bitmap_has (report, folder, "capabilities/abs", 0, 3)
                   && (bitmap_has (report, folder, "capabilities/key", 4, 1 << 16)
                       || bitmap_has (report, folder, "capabilities/key", 5, 1 << 10));

  if (keyboard)
    return mouse ? "combo" : "keyboard";
  return mouse ? "mouse" : touch ? "touchpad" : NULL;
}

static gboolean
is_usb_device (const char *name)
{
  return g_regex_match_simple ("^[0-9]+-[0-9]+(\\.[0-9]+)*$", name, 0, 0);
}

static gboolean
has_part (char **parts, const char *name)
{
  return g_strv_contains ((const char *const *) parts, name);
}

/* The innermost USB device, else the innermost PCI function, that something hangs on. */
static const char *
find_place (char **parts)
{
  const char *place = NULL;

  for (guint i = 0; parts[i] != NULL; i++)
    if (pf_doctor_report_is_pci_address (parts[i]) || is_usb_device (parts[i]))
      place = parts[i];
  return place;
}

/* "0018:04F3:3138.0001": the bus of a HID device; 0 where there is none. */
static guint
find_hid_bus (char **parts)
{
  guint bus = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    if (g_regex_match_simple ("^[0-9A-F]{4}:[0-9A-F]{4}:[0-9A-F]{4}\\.", parts[i], 0, 0))
      bus = (guint) strtoul (parts[i], NULL, 16);
  return bus;
}

/* Returns: (transfer full) (nullable): where the first adapter is by which something is connected, or else
 * the first */
static char *
find_adapter_place (const Report *report)
{
  g_auto (GStrv) names = pf_doctor_file_list (report->root, ADAPTERS);
  const char *adapter = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_auto (GStrv) parts = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    if (adapter == NULL || (strchr (adapter, ':') == NULL && strchr (names[i], ':') != NULL))
      adapter = names[i];
  if (adapter == NULL)
    return NULL;
  name = g_strndup (adapter, strcspn (adapter, ":"));
  path = g_build_filename (ADAPTERS, name, NULL);
  parts = pf_doctor_report_split_path (report, path);
  return g_strdup (find_place (parts));
}

static const char *
find_bus (char **parts)
{
  guint bus = find_hid_bus (parts);

  if (has_part (parts, "i8042"))
    return "i8042";
  if (bus == 5 && (has_part (parts, "bluetooth") || has_part (parts, "uhid")))
    return "bluetooth";
  if (has_part (parts, "virtual") || has_part (parts, "rc"))
    return NULL;
  return bus == 0x18 ? "i2c" : bus == 0x1c ? "spi" : "platform";
}

/* Returns: (transfer full) (nullable): its keys */
static char *
describe (const Report *report, const char *name)
{
  g_autofree char *folder = g_build_filename (INPUTS, name, NULL);
  g_auto (GStrv) parts = pf_doctor_report_split_path (report, folder);
  const char *bus = find_bus (parts);
  const char *kind = find_kind (report, folder);
  g_autofree char *place = g_strdup (find_place (parts));
  g_autofree char *product = pf_doctor_file_read_attribute (report->root, folder, "name");
  Report own = *report;
  gboolean is_bluetooth = g_strcmp0 (bus, "bluetooth") == 0;

  if (bus == NULL || kind == NULL || (!is_bluetooth && place != NULL && is_usb_device (place)))
    return NULL;
  own.text = g_string_new (NULL);
  pf_doctor_report_add (&own, "bus", "%s", bus);
  pf_doctor_report_add (&own, "kind", "%s", kind);
  pf_doctor_report_add_text (&own, "product", product);
  if (is_bluetooth && has_part (parts, "bluetooth"))
    pf_doctor_report_add (&own, "via", "hidp");
  else if (is_bluetooth)
    {
      g_free (place);
      place = find_adapter_place (report);
    }
  if (place != NULL)
    pf_doctor_report_add (&own, "on", "%s", place);
  return g_string_free (own.text, FALSE);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * pf_doctor_report_add_inputs:
 *
 * Adds the keyboards and pointers that are not on USB. Their names may be people's ("Ada's Magic Keyboard");
 * they are scrubbed like all names.
 */
void
pf_doctor_report_add_inputs (Report *report)
{
  g_auto (GStrv) names = pf_doctor_file_list (report->root, INPUTS);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; names[i] != NULL; i++)
    {
      char *text = g_str_has_prefix (names[i], "input") ? describe (report, names[i]) : NULL;

      if (text != NULL)
        g_ptr_array_add (texts, text);
    }
  g_ptr_array_sort (texts, compare_texts);
  for (guint i = 0; i < texts->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i + 1);

      pf_doctor_report_add_group (report, "input", name);
      g_string_append (report->text, g_ptr_array_index (texts, i));
    }
}

/**
 * pf_doctor_report_add_chassis:
 *
 * Adds to the board what it says of its shape, and whether it has a battery.
 */
void
pf_doctor_report_add_chassis (Report *report)
{
  g_autofree char *chassis = pf_doctor_file_read (report->root, "sys/class/dmi/id/chassis_type");
  g_auto (GStrv) names = pf_doctor_file_list (report->root, POWER);

  if (chassis != NULL && atoi (chassis) > 0)
    pf_doctor_report_add (report, "chassis", "%d", atoi (chassis));
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *folder = g_build_filename (POWER, names[i], NULL);
      g_autofree char *type = pf_doctor_file_read_attribute (report->root, folder, "type");
      g_autofree char *scope = pf_doctor_file_read_attribute (report->root, folder, "scope");

      if (g_strcmp0 (type, "Battery") == 0 && g_strcmp0 (scope, "Device") != 0)
        {
          pf_doctor_report_add (report, "battery", "true");
          return;
        }
    }
}
