/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what people type after portferryctl's commands: addresses, ports, masks, ids of profiles,
 * their settings; and what becomes of names before they are printed. */
#include <string.h>

#include "pf-ctl-screen.h"
#include "pf-ctl-words.h"
#include "pf-fuzz.h"
#include "pf-pci-address.h"
#include "pf-pci-ids.h"
#include "pf-profile.h"

const char *const pf_fuzz_words[] = {
  "0000:00:14.0",
  "00:14.0",
  "10000:E1:00.0",
  "0000",
  ":",
  ".",
  "ffffffff",
  "ehci1/",
  "ehci2/",
  "ehci1",
  "ehci2",
  "all",
  "bit/",
  "0x",
  "3fff",
  "0x3f00",
  "usb/",
  "8086:8cb1",
  "home",
  "windows",
  "auto",
  "ehci",
  "xhci",
  "first",
  "always",
  "never",
  "keep",
  "previous",
  "%t/w.qmp",
  "/run/w.qmp",
  "qemu:///system",
  "qemu:///session",
  "qemu+ssh://h/system",
  "alice",
  "1000",
  " ",
  "\n",
  "\033[2J",
  "\302\233",
  "\342\200\256",
  "\360\237\230\200",
  "\347\225\214",
  "\377",
  "-",
  "Advanced Micro Devices, Inc. [AMD] X",
  "Intel Corporation 9 Series",
  "/",
  "..",
  NULL,
};

static void
check_address (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = pf_pci_address_normalize (text, &error);
  g_autofree char *again = NULL;
  g_autofree char *element = NULL;

  pf_fuzz_check_error (address != NULL, error);
  g_assert_cmpint (pf_pci_address_compare (text, text), ==, 0);
  if (address == NULL)
    return;
  g_assert_true (pf_pci_address_is_canonical (address));
  again = pf_pci_address_normalize (address, NULL);
  g_assert_cmpstr (again, ==, address);
  g_assert_cmpint (pf_pci_address_compare (text, address), ==, 0);
  element = pf_pci_address_to_path_element (address);
  g_assert_null (strpbrk (element, ":./"));
}

static void
check_ports (const char *text)
{
  PfPortSet set = { 0 }, again = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean done = pf_port_set_add_name (&set, text, &error);
  g_auto (GStrv) names = NULL;
  g_autofree char *bits = NULL;

  pf_fuzz_check_error (done, error);
  g_assert_true (done != pf_port_set_is_empty (&set));
  g_assert_cmphex (set.bits & ~PF_PORT_MAP_BITS, ==, 0);
  names = pf_port_set_to_names (&set);
  for (guint i = 0; names[i] != NULL; i++)
    g_assert_true (pf_port_set_add_name (&again, names[i], NULL));
  g_assert_cmphex (pf_port_set_resolve (&again, PF_PORT_MAP_BITS), ==,
                   pf_port_set_resolve (&set, PF_PORT_MAP_BITS));
  bits = pf_ctl_words_format_bits (set.bits, done);
  pf_fuzz_check_line (bits);
}

/* What is refused leaves the profile as it was; what is taken is a profile that can be saved and read. */
static void
check_settings (const char *text)
{
  static gboolean (*const setters[]) (PfProfile * profile, const char *text, GError **error)
      = { pf_profile_set_label,       pf_profile_set_icon,           pf_profile_set_side,
          pf_profile_set_vfio_user,   pf_profile_set_vfio_group,     pf_profile_set_qmp,
          pf_profile_set_libvirt_uri, pf_profile_set_libvirt_domain, pf_profile_set_confirm,
          pf_profile_set_on_vm_exit };

  for (guint i = 0; i < G_N_ELEMENTS (setters); i++)
    {
      g_autoptr (PfProfile) profile = pf_profile_new ("fuzz");
      g_autoptr (PfProfile) again = NULL;
      g_autoptr (GError) error = NULL;
      gboolean done = setters[i](profile, text, &error);
      gsize length, again_length;
      g_autofree char *saved = pf_profile_serialize (profile, &length);
      g_autofree char *again_saved = NULL;

      pf_fuzz_check_error (done, error);
      g_clear_error (&error);
      if (done && !pf_profile_check_vm (profile, NULL))
        continue; /* a libvirt URI without a machine, which only a whole profile has */
      again = pf_profile_parse ("fuzz", saved, length, &error);
      g_assert_no_error (error);
      again_saved = pf_profile_serialize (again, &again_length);
      g_assert_cmpmem (saved, length, again_saved, again_length);
    }
}

static void
check_id (const char *text)
{
  g_autoptr (GError) error = NULL;
  gboolean done = pf_profile_id_is_valid (text, &error);

  pf_fuzz_check_error (done, error);
  if (!done)
    return;
  g_assert_cmpuint (strlen (text), <=, PF_PROFILE_MAX_ID);
  g_assert_null (strchr (text, '/'));
  g_assert_cmpint (*text, !=, '.');
  pf_fuzz_check_line (text);
}

static void
check_printed (const char *text, guint width)
{
  g_autofree char *clean = pf_ctl_text_clean (text);
  g_autofree char *cut = pf_ctl_text_ellipsize (clean, width, "…");
  g_autofree char *cut_middle = pf_ctl_text_ellipsize_middle (clean, width, "…");
  g_autofree char *wrapped = pf_ctl_text_wrap (clean, width, width / 8);
  g_autofree char *vendor = pf_ctl_text_shorten_vendor (text);

  pf_fuzz_check_text (clean);
  pf_fuzz_check_text (cut);
  pf_fuzz_check_text (cut_middle);
  pf_fuzz_check_text (wrapped);
  g_assert_true (g_utf8_validate (vendor, -1, NULL));
  g_assert_cmpuint (pf_ctl_text_get_width (cut), <=, width);
  g_assert_cmpuint (pf_ctl_text_get_width (cut_middle), <=, width);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = pf_fuzz_to_text (data, size);
  guint16 vendor, device;

  check_address (text);
  check_ports (text);
  check_id (text);
  check_settings (text);
  check_printed (text, size > 0 ? data[0] % 81 : 0);
  if (pf_pci_ids_parse (text, &vendor, &device))
    {
      g_autofree char *ids = pf_pci_ids_to_string (vendor, device);

      g_assert_cmpint (g_ascii_strcasecmp (ids, text), ==, 0);
    }
  return 0;
}
