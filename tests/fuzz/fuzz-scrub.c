/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what takes names, addresses and serial numbers out of a report. */
#include <string.h>

#include "pf-doctor-scrub.h"
#include "pf-fuzz.h"

const char *const pf_fuzz_words[] = {
  "workbench.example.org",
  "workbench",
  "WORKBENCH",
  "Ada",
  "ada",
  "00:e0:4C:68:00:01",
  "00-E0-4C-68-00-01",
  ":",
  "-",
  "0f3b2a1c",
  "0f3b2a1c-1111-2222-3333-444455556666",
  "4C530001181023117153",
  "BCM20702A0",
  "12345678",
  "HD Pro Webcam C920",
  " ",
  "_",
  ".",
  "\n",
  "\t",
  "\\",
  "\302\240",
  "\342\204\252",
  "\377",
  "\033[2J",
  "intel_iommu=on",
  "iommu=pt",
  "vfio-pci.ids=8086:8cb1",
  "pcie_acs_override=downstream",
  "root=UUID=",
  "kvm.x=1",
  "\r",
  "\342\200\256",
  NULL,
};

static const char *const names[] = { "workbench.example.org", "workbench", "Ada" };

/* Whether @pattern is at @c: "x" for a hexadecimal digit, ":" for either sign between those of a MAC address.
 */
static gboolean
fits (const char *c, const char *pattern)
{
  for (; *pattern != '\0'; pattern++, c++)
    if (*pattern == 'x' ? !g_ascii_isxdigit (*c) : *pattern == ':' ? *c != ':' && *c != '-' : *c != *pattern)
      return FALSE;
  return TRUE;
}

/* Looked for in another way than the scrubber does. */
static void
check_clean (const char *clean)
{
  g_autofree char *lower = g_ascii_strdown (clean, -1);

  pf_fuzz_check_line (clean);
  g_assert_null (strchr (clean, '\\'));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_ascii_strdown (names[i], -1);

      if (strstr (lower, name) != NULL)
        g_error ("%s is in: %s", names[i], clean);
    }
  for (const char *c = clean; *c != '\0'; c++)
    if (fits (c, "xx:xx:xx:xx:xx:xx") || fits (c, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"))
      g_error ("an address or UUID is in: %s", clean);
}

static void
check_parameters (const char *text)
{
  g_autofree char *kept = pf_doctor_scrub_parameters (text);
  g_auto (GStrv) words = g_strsplit (kept, " ", -1);

  pf_fuzz_check_line (kept);
  g_assert_cmpuint (strlen (kept), <=, strlen (text) * 3);
  for (guint i = 0; words[i] != NULL; i++)
    g_assert_false (g_str_has_prefix (words[i], "root="));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = pf_fuzz_to_text (data, size);
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  g_autofree char *clean = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_ptr_array_add (list, (gpointer) names[i]);
  clean = pf_doctor_scrub (text, list);
  check_clean (clean);
  check_parameters (text);
  return 0;
}
