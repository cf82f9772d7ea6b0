/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-profile-effects.h"
#include "pf-windows-bench.h"

static void
test_list (void)
{
  g_autoptr (PfWindowsBench) bench = pf_windows_bench_new_z97 ();
  g_autoptr (GPtrArray) sockets = pf_sockets_build (bench->controllers, bench->routers);
  g_autoptr (PfProfileDraft) draft = pf_profile_draft_new ();
  g_autoptr (GPtrArray) effects = NULL;
  PfDBusController *card = pf_windows_bench_add (bench, "0000:02:00.0", "host", "@aa{sv} []");
  static const char *const expected[] = { "00:1d.0 Intel USB: its sockets need it", "02:00.0 Intel USB",
                                          "02:00.1 SATA: comes along, it is in the same IOMMU group" };

  pf_dbus_controller_set_group_members (
      card, g_variant_new_parsed (
                "[{'address': <'0000:00:01.0'>, 'name': <'Bridge'>, 'bridge': <true>},"
                " {'address': <'0000:02:00.0'>, 'name': <'USB'>, 'bridge': <false>},"
                " {'address': <'0000:02:00.1'>, 'name': <'SATA Controller'>, 'bridge': <false>}]"));
  pf_profile_draft_set_controller (draft, "0000:02:00.0", TRUE);
  pf_profile_draft_set_socket (draft, pf_sockets_find (sockets, "0000:00:14.0 ehci1/2"), TRUE, 0x103);
  effects = pf_profile_effects_list (draft, sockets, bench->controllers);
  g_assert_cmpuint (effects->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < effects->len; i++)
    {
      g_autofree char *text = pf_profile_effects_describe (effects->pdata[i]);

      g_assert_cmpstr (text, ==, expected[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/profile-effects/list", test_list);
  return g_test_run ();
}
