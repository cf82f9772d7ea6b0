/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-doctor-scrub.h"

#include <string.h>

#include "pf-text.h"

/* What stands in the place of what was taken out. */
#define BLANK "xxx"
#define MIN_NAME 3 /* shorter names are part of too many words */

static void
add_name (GPtrArray *names, const char *name)
{
  if (name != NULL && strlen (name) >= MIN_NAME && g_ascii_strcasecmp (name, "root") != 0)
    g_ptr_array_add (names, g_strdup (name));
}

/**
 * pf_doctor_scrub_list_names:
 *
 * Returns: (transfer full) (element-type utf8): what this machine and this user are called
 */
GPtrArray *
pf_doctor_scrub_list_names (void)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) host = g_strsplit (g_get_host_name (), ".", -1);
  g_auto (GStrv) words = g_strsplit_set (g_get_real_name (), " ,.", -1);

  add_name (names, g_get_host_name ());
  add_name (names, host[0]);
  if (g_ascii_strcasecmp (g_get_host_name (), "localhost") == 0)
    g_ptr_array_set_size (names, 0);
  add_name (names, g_get_user_name ());
  for (guint i = 0; words[i] != NULL; i++)
    if (g_ascii_strcasecmp (words[i], "Unknown") != 0)
      add_name (names, words[i]);
  return names;
}

/* MAC addresses and UUIDs, whatever separates their parts and whatever they stand next to, and runs of
 * letters and digits that look like a serial number: at least eight, of which seven are digits. "BCM20702A0"
 * is a name. No "\b" there: to it "_" is a letter, and udev's names have serial numbers behind one. */
static char *
blank_numbers (const char *text)
{
  static const char pattern[] = "[0-9a-f]{2}(?:[:_-][0-9a-f]{2}){5}"
                                "|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
                                "|(?<![0-9a-z])(?=[0-9a-z]{8,})(?=(?:[a-z]*[0-9]){7})[0-9a-z]+";
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS, 0, NULL);

  return g_regex_replace_literal (regex, text, -1, 0, BLANK, 0, NULL);
}

/* Takes @text over. */
static char *
blank_name (char *text, const char *name)
{
  g_autofree char *old = text;
  g_autofree char *quoted = g_regex_escape_string (name, -1);
  g_autoptr (GRegex) regex = g_regex_new (quoted, G_REGEX_CASELESS, 0, NULL);

  return g_regex_replace_literal (regex, old, -1, 0, BLANK, 0, NULL);
}

/**
 * pf_doctor_scrub:
 * @text: what a device says of itself, or a message; any bytes
 * @names: (element-type filename): names that must not get out
 *
 * Returns: (transfer full): @text on one line without these names, MAC addresses, UUIDs and what looks like a
 * serial number
 */
char *
pf_doctor_scrub (const char *text, GPtrArray *names)
{
  g_autofree char *valid = pf_text_clean (text, strlen (text));
  char *clean;

  /* Before anything is looked for: what comes out is what was looked at. */
  g_strdelimit (valid, "\n\t\\", ' ');
  clean = blank_numbers (valid);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      if (g_utf8_validate (name, -1, NULL))
        clean = blank_name (clean, name);
    }
  return g_strstrip (clean);
}

/**
 * pf_doctor_scrub_parameters:
 * @cmdline: the kernel's command line
 *
 * Returns: (transfer full): those of its parameters that have to do with lending; disks, addresses and
 * whatever else people put there stay out
 */
char *
pf_doctor_scrub_parameters (const char *cmdline)
{
  static const char *const prefixes[] = { "iommu",
                                          "intel_iommu",
                                          "amd_iommu",
                                          "vfio",
                                          "pci=",
                                          "pcie_",
                                          "pci-stub",
                                          "pci_stub",
                                          "kvm",
                                          "lockdown",
                                          "usbcore.",
                                          "xhci_hcd.",
                                          "module_blacklist=",
                                          "modprobe.blacklist=" };
  g_autofree char *clean = pf_text_clean (cmdline, strlen (cmdline));
  g_auto (GStrv) parameters = g_strsplit_set (clean, " \t\n", -1);
  g_autoptr (GString) kept = g_string_new (NULL);

  for (guint i = 0; parameters[i] != NULL; i++)
    for (guint j = 0; j < G_N_ELEMENTS (prefixes); j++)
      if (g_str_has_prefix (parameters[i], prefixes[j]))
        {
          g_string_append_printf (kept, "%s%s", kept->len > 0 ? " " : "", parameters[i]);
          break;
        }
  return g_string_free (g_steal_pointer (&kept), FALSE);
}
