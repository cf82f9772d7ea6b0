/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a profile, as people write it by hand or as a program gives it to the helper. */
#include <string.h>

#include "pf-fuzz.h"
#include "pf-pci-address.h"
#include "pf-profile.h"

const char *const pf_fuzz_words[] = {
  "[Profile]\n",
  "[Controller 0000:00:1a.0]\n",
  "[Controller 0000:00:1d.0]\n",
  "[Ports 0000:00:14.0]\n",
  "Format=1\n",
  "Label=",
  "Icon=computer\n",
  "Side=",
  "auto",
  "ehci",
  "xhci",
  "VfioUser=alice\n",
  "VfioGroup=kvm\n",
  "Qmp=%t/w.qmp\n",
  "LibvirtDomain=win10\n",
  "LibvirtUri=qemu:///system\n",
  "Confirm=",
  "first",
  "always",
  "never",
  "ConfirmSeconds=",
  "OnVmExit=",
  "home",
  "keep",
  "previous",
  "SuperSpeedOff=",
  "GuestMaySwitch=",
  "LockOnSwitch=",
  "true",
  "false",
  "Id=8086:8cad\n",
  "Id=any\n",
  "Path=pci0000:00/1a.0\n",
  "Removable=",
  "Guest=",
  "ehci1/1",
  "ehci2/6",
  "all",
  "0x3fff",
  "bit/13",
  ";",
  "\n",
  "=",
  "[",
  "]",
  "#",
  "\\s",
  "\\n",
  "\\",
  "5",
  "120",
  "121",
  "Label[de]=",
  NULL,
};

static void
check_nullable (const char *text)
{
  if (text != NULL)
    pf_fuzz_check_line (text);
}

static void
check_key (const PfDeviceKey *key)
{
  g_assert_true (pf_pci_address_is_canonical (key->address));
  check_nullable (key->path);
}

static void
check_bounds (const PfProfile *profile)
{
  pf_fuzz_check_line (profile->label);
  g_assert_cmpint (g_utf8_strlen (profile->label, -1), <=, PF_PROFILE_MAX_LABEL);
  check_nullable (profile->icon);
  check_nullable (profile->vfio_user);
  check_nullable (profile->vfio_group);
  check_nullable (profile->qmp);
  check_nullable (profile->libvirt_domain);
  check_nullable (profile->libvirt_uri);
  g_assert_true (profile->qmp == NULL || strlen (profile->qmp) <= PF_PROFILE_MAX_QMP);
  g_assert_cmpuint (profile->confirm_seconds, >=, PF_CONFIRM_MIN_SECONDS);
  g_assert_cmpuint (profile->confirm_seconds, <=, PF_CONFIRM_MAX_SECONDS);
  g_assert_cmpuint (profile->controllers->len, <=, PF_PROFILE_MAX_CONTROLLERS);
  for (guint i = 0; i < profile->controllers->len; i++)
    check_key (profile->controllers->pdata[i]);
  g_assert_cmphex (profile->ports.bits & ~PF_PORT_MAP_BITS, ==, 0);
  g_assert_true ((profile->router != NULL) != pf_port_set_is_empty (&profile->ports));
  if (profile->router != NULL)
    check_key (profile->router);
}

/* What is written is read as the same. */
static void
check_round (const PfProfile *profile)
{
  gsize length, again_length;
  g_autofree char *text = pf_profile_serialize (profile, &length);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfProfile) again = pf_profile_parse ("fuzz", text, length, &error);
  g_autofree char *again_text = NULL;

  g_assert_no_error (error);
  again_text = pf_profile_serialize (again, &again_length);
  g_assert_cmpmem (text, length, again_text, again_length);
  g_assert_cmpstr (again->label, ==, profile->label);
  g_assert_cmpuint (again->controllers->len, ==, profile->controllers->len);
  g_assert_cmphex (pf_port_set_resolve (&again->ports, PF_PORT_MAP_BITS), ==,
                   pf_port_set_resolve (&profile->ports, PF_PORT_MAP_BITS));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfProfile) profile = pf_profile_parse ("fuzz", (const char *) data, size, &error);

  pf_fuzz_check_error (profile != NULL, error);
  if (profile == NULL)
    return 0;
  check_bounds (profile);
  check_round (profile);
  return 0;
}
