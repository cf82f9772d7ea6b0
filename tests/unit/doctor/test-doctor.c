/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The checks: each with the facts that it is about, all else being well. */
#include <string.h>

#include "pf-doctor-lender.h"
#include "pf-doctor.h"

#define ASUS_VFIO_IDS "vfio-pci.ids=10de:13c2,10de:0fbb"

/* A Z97 board on which all is well. */
static PfDoctorFacts *
make_facts (void)
{
  PfDoctorFacts *facts = pf_doctor_facts_new ();
  PfDoctorController *xhci;

  facts->cpu = g_strdup ("GenuineIntel");
  facts->cmdline = g_strdup ("root=/dev/sda1 quiet intel_iommu=on");
  facts->release = g_strdup ("6.1.0-28-amd64");
  facts->has_acpi = facts->has_iommu_table = TRUE;
  facts->n_iommus = 2;
  facts->n_groups = 12;
  facts->vfio = PF_DOCTOR_VFIO_MODULE;
  facts->lockdown = g_strdup ("none");
  xhci = pf_doctor_facts_add_controller (facts, "0000:00:14.0", 0x8086, 0x8cb1, 0x0c0330);
  xhci->is_router = TRUE;
  xhci->writable = 0x3fff;
  pf_doctor_facts_add_controller (facts, "0000:00:1a.0", 0x8086, 0x8cad, 0x0c0320);
  pf_doctor_facts_add_controller (facts, "0000:00:1d.0", 0x8086, 0x8ca6, 0x0c0320);
  facts->memlock = G_MAXUINT64;
  facts->memory = G_GUINT64_CONSTANT (32) << 30;
  facts->permission = PF_DOCTOR_PERMISSION_YES;
  facts->has_session = facts->has_tray_host = facts->has_notifications = TRUE;
  facts->desktop = g_strdup ("XFCE");
  return facts;
}

static void
set_text (char **where, const char *text)
{
  g_free (*where);
  *where = g_strdup (text);
}

/* The one finding of the check @code is @state, and says @words; @advice is in its advice, NULL: there is
 * none. */
static void
assert_finds (
    const PfDoctorFacts *facts, const char *code, PfDoctorState state, const char *words, const char *advice)
{
  g_autoptr (GPtrArray) findings = pf_doctor_examine (facts);
  const PfDoctorFinding *found = NULL;

  for (guint i = 0; i < findings->len; i++)
    {
      const PfDoctorFinding *finding = g_ptr_array_index (findings, i);

      g_assert_cmpstr (finding->what, !=, "");
      g_assert_cmpstr (finding->meaning, !=, "");
      if (!g_str_equal (finding->code, code))
        continue;
      g_assert_null (found);
      found = finding;
    }
  g_assert_nonnull (found);
  if (strstr (found->what, words) == NULL && strstr (found->meaning, words) == NULL)
    g_error ("“%s” is in neither “%s” nor “%s”", words, found->what, found->meaning);
  g_assert_cmpstr (pf_doctor_state_get_name (found->state), ==, pf_doctor_state_get_name (state));
  g_assert_cmpint (found->advice != NULL, ==, advice != NULL);
  if (advice != NULL && strstr (found->advice, advice) == NULL)
    g_error ("“%s” is not in “%s”", advice, found->advice);
}

static gboolean
says_anything (const PfDoctorFacts *facts, const char *code)
{
  g_autoptr (GPtrArray) findings = pf_doctor_examine (facts);

  for (guint i = 0; i < findings->len; i++)
    if (g_str_equal (((PfDoctorFinding *) g_ptr_array_index (findings, i))->code, code))
      return TRUE;
  return FALSE;
}

static void
test_all_well (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();
  g_autoptr (GPtrArray) findings = pf_doctor_examine (facts);

  for (guint i = 0; i < findings->len; i++)
    {
      const PfDoctorFinding *finding = g_ptr_array_index (findings, i);

      if (finding->state != PF_DOCTOR_OK || finding->advice != NULL)
        g_error ("%s: %s", finding->code, finding->what);
    }
  g_assert_cmpuint (findings->len, >=, 8);
  g_assert_cmpint (pf_doctor_get_worst (findings), ==, PF_DOCTOR_OK);
}

static void
test_iommu (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();
  g_autoptr (GPtrArray) findings = NULL;

  assert_finds (facts, "iommu", PF_DOCTOR_OK, "12 groups", NULL);
  facts->n_groups = facts->n_iommus = 0;
  assert_finds (facts, "iommu", PF_DOCTOR_PROBLEM, "kernel does not use it", "journalctl");
  set_text (&facts->cmdline, "quiet");
  assert_finds (facts, "iommu", PF_DOCTOR_PROBLEM, "kernel does not use it", "intel_iommu=on");
  set_text (&facts->cmdline, "quiet intel_iommu=igfx_off,off");
  assert_finds (facts, "iommu", PF_DOCTOR_PROBLEM, "parameter intel_iommu=igfx_off,off", "Take intel_iommu");
  set_text (&facts->cmdline, "iommu=pt my_intel_iommu=off");
  assert_finds (facts, "iommu", PF_DOCTOR_PROBLEM, "kernel does not use it", "intel_iommu=on");
  facts->has_iommu_table = FALSE;
  assert_finds (facts, "iommu", PF_DOCTOR_PROBLEM, "firmware does not offer", "VT-d");
  set_text (&facts->cpu, "AuthenticAMD");
  assert_finds (facts, "iommu", PF_DOCTOR_PROBLEM, "firmware does not offer", "SVM Mode");
  facts->has_acpi = FALSE;
  assert_finds (facts, "iommu", PF_DOCTOR_PROBLEM, "The IOMMU is off.", "SVM Mode");
  findings = pf_doctor_examine (facts);
  g_assert_cmpint (pf_doctor_get_worst (findings), ==, PF_DOCTOR_PROBLEM);
}

/* Only the check of lending speaks of lending; no other check promises it. */
static void
assert_nothing_promised (const PfDoctorFacts *facts)
{
  g_autoptr (GPtrArray) findings = pf_doctor_examine (facts);

  for (guint i = 0; i < findings->len; i++)
    {
      const PfDoctorFinding *finding = g_ptr_array_index (findings, i);

      g_assert_null (strstr (finding->meaning, "ontrollers can be lent"));
      g_assert_null (strstr (finding->meaning, "as a whole"));
    }
}

static void
test_lending (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();
  PfLendingController *controller = pf_lending_controller_new ("0000:00:14.0", "xHCI", 3);

  facts->lending = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_lending_controller_free);
  g_ptr_array_add (facts->lending, controller);
  controller->can_be_lent = TRUE;
  assert_finds (facts, "lending", PF_DOCTOR_HINT, "without a USB socket", "PCIe card");
  g_ptr_array_add (controller->inputs, g_strdup ("USB Keyboard"));
  assert_finds (facts, "lending", PF_DOCTOR_WARNING, "takes a keyboard", "PCIe card");
  controller->can_be_lent = FALSE;
  facts->n_groups = facts->n_iommus = 0;
  assert_finds (facts, "lending", PF_DOCTOR_PROBLEM, "No controller can be lent", "usb-host");
  assert_nothing_promised (facts);
}

static void
test_parameters (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();

  assert_finds (facts, "parameters", PF_DOCTOR_OK, "intel_iommu=on", NULL);
  set_text (&facts->cmdline, "quiet " ASUS_VFIO_IDS " iommu=pt");
  assert_finds (facts, "parameters", PF_DOCTOR_HINT, ASUS_VFIO_IDS, "take the parameter off");
  set_text (&facts->cmdline, "pcie_acs_override=downstream");
  assert_finds (facts, "parameters", PF_DOCTOR_WARNING, "pcie_acs_override=downstream", "trusted");
  set_text (&facts->cmdline, "intel_iommu=on");
  set_text (&facts->cpu, "AuthenticAMD");
  assert_finds (facts, "parameters", PF_DOCTOR_HINT, "does nothing", "taken off");
  set_text (&facts->cmdline, "");
  assert_finds (facts, "parameters", PF_DOCTOR_OK, "No kernel parameter", NULL);
}

/* One finding for each lender, and the parameter is not told twice. */
static void
test_lenders (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();
  g_autoptr (GPtrArray) findings = NULL;

  set_text (&facts->cmdline, ASUS_VFIO_IDS);
  pf_doctor_facts_add_lender (facts, "A (0000:02:00.0)", "command-line", "the kernel", "Now: a. For good: take it off.");
  pf_doctor_facts_add_lender (facts, "B (0000:03:00.0)", "command-line", "the kernel", "Now: b. For good: take it off.");
  assert_finds (facts, "lenders", PF_DOCTOR_HINT, "Lent by the kernel: A (0000:02:00.0), B (0000:03:00.0).",
                "Now: a. Now: b. For good: take it off.");
  /* Of one that is not taken home now, because of something beside it, something else has to be ended, too. */
  pf_doctor_facts_add_lender (facts, "C (0000:04:00.0)", "command-line", "the kernel",
                              "Not now: c. For good: end that. For good: take it off.");
  assert_finds (facts, "lenders", PF_DOCTOR_HINT,
                "Lent by the kernel: A (0000:02:00.0), B (0000:03:00.0), C (0000:04:00.0).",
                "Now: a. Now: b. Not now: c. For good: take it off. For good: end that. For good: take it off.");
  findings = pf_doctor_examine (facts);
  for (guint i = 0; i < findings->len; i++)
    g_assert_null (strstr (((const PfDoctorFinding *) findings->pdata[i])->what, ASUS_VFIO_IDS));
}

static void
test_vfio (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();

  assert_finds (facts, "vfio", PF_DOCTOR_OK, "as a module", NULL);
  facts->vfio = PF_DOCTOR_VFIO_BUILTIN;
  assert_finds (facts, "vfio", PF_DOCTOR_OK, "part of the kernel", NULL);
  facts->vfio = PF_DOCTOR_VFIO_MISSING;
  assert_finds (facts, "vfio", PF_DOCTOR_PROBLEM, "no driver vfio-pci", "6.1.0-28-amd64");
}

static void
test_usb_mode (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();
  PfDoctorController *xhci = pf_doctor_facts_find_controller (facts, "0000:00:14.0");

  assert_finds (facts, "usb-mode", PF_DOCTOR_OK, "14 ports", NULL);
  xhci->writable = 0x000f;
  assert_finds (facts, "usb-mode", PF_DOCTOR_HINT, "4 ports", "Smart Auto");
  xhci->writable = 0;
  assert_finds (facts, "usb-mode", PF_DOCTOR_WARNING, "locked", "Smart Auto");
  xhci->is_router = FALSE;
  assert_finds (facts, "usb-mode", PF_DOCTOR_WARNING, "cannot be used", "controllers");
  facts->helper = PF_DOCTOR_HELPER_FAILED;
  assert_finds (facts, "usb-mode", PF_DOCTOR_OK, "only the helper can tell", NULL);
  g_ptr_array_set_size (facts->controllers, 1);
  assert_finds (facts, "usb-mode", PF_DOCTOR_WARNING, "only the xHCI", "Smart Auto");
  g_ptr_array_set_size (facts->controllers, 0);
  assert_finds (facts, "usb-mode", PF_DOCTOR_PROBLEM, "no USB controller", "firmware");
  pf_doctor_facts_add_controller (facts, "0000:00:1d.0", 0x8086, 0x8ca6, 0x0c0320);
  assert_finds (facts, "usb-mode", PF_DOCTOR_WARNING, "only the EHCIs", "Smart Auto");
  g_ptr_array_set_size (facts->controllers, 0);
  pf_doctor_facts_add_controller (facts, "0000:03:00.0", 0x1022, 0x145c, 0x0c0330);
  assert_finds (facts, "usb-mode", PF_DOCTOR_OK, "Only Intel chipsets", NULL);
}

static void
test_lockdown (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();

  g_assert_false (says_anything (facts, "lockdown"));
  set_text (&facts->lockdown, "integrity");
  assert_finds (facts, "lockdown", PF_DOCTOR_WARNING, "integrity", "Secure Boot");
  pf_doctor_facts_find_controller (facts, "0000:00:14.0")->is_router = FALSE;
  assert_finds (facts, "lockdown", PF_DOCTOR_OK, "integrity", NULL);
}

/* What the finding about memory means. */
static void
assert_memory_means (const PfDoctorFacts *facts, const char *words)
{
  g_autoptr (GPtrArray) findings = pf_doctor_examine (facts);

  for (guint i = 0; i < findings->len; i++)
    {
      const PfDoctorFinding *finding = g_ptr_array_index (findings, i);

      if (g_str_equal (finding->code, "memlock") && strstr (finding->meaning, words) == NULL)
        g_error ("%s", finding->meaning);
    }
}

/* Nothing to be said where the kernel makes no such nodes, or nothing is lent. */
static void
test_iommufd (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();
  g_autoptr (GPtrArray) findings = pf_doctor_examine (facts);

  for (guint i = 0; i < findings->len; i++)
    g_assert_cmpstr (((const PfDoctorFinding *) findings->pdata[i])->code, !=, "iommufd");
  facts->has_device_nodes = TRUE;
  assert_finds (facts, "iommufd", PF_DOCTOR_HINT, "may not open /dev/iommu", "90-iommufd.rules");
  facts->may_open_iommu = TRUE;
  assert_finds (facts, "iommufd", PF_DOCTOR_OK, "may open /dev/iommu", NULL);
}

static void
test_memlock (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();

  assert_finds (facts, "memlock", PF_DOCTOR_OK, "any amount", NULL);
  facts->memlock = 8 << 20;
  /* Half of 32 GiB and one, in KiB. */
  assert_finds (facts, "memlock", PF_DOCTOR_HINT, "8.0\u00a0MiB", "@kvm - memlock 17825792”");
  assert_memory_means (facts, "cannot take");
  facts->memlock = G_GUINT64_CONSTANT (5) << 30;
  assert_finds (facts, "memlock", PF_DOCTOR_HINT, "5.0\u00a0GiB", "@kvm - memlock 17825792”");
  assert_memory_means (facts, "with up to 4.0\u00a0GiB of memory");
  facts->memlock = G_GUINT64_CONSTANT (17) << 30;
  assert_finds (facts, "memlock", PF_DOCTOR_OK, "17.0\u00a0GiB", NULL);
  assert_memory_means (facts, "with up to 16.0\u00a0GiB of memory");
}

/* Where a virtual machine runs, that is what counts. */
static void
test_memlock_of_a_guest (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();

  facts->guest_memory = G_GUINT64_CONSTANT (4) << 30;
  assert_finds (facts, "memlock", PF_DOCTOR_OK, "any amount", NULL);
  facts->memlock = G_GUINT64_CONSTANT (4) << 30;
  assert_finds (facts, "memlock", PF_DOCTOR_WARNING, "4.0\u00a0GiB", "@kvm - memlock 5242880”");
  assert_memory_means (facts, "(QEMU, with 4.0\u00a0GiB) cannot take");
  facts->guest_name = g_strdup ("win10");
  facts->memlock = G_GUINT64_CONSTANT (5) << 30;
  assert_finds (facts, "memlock", PF_DOCTOR_OK, "5.0\u00a0GiB", NULL);
  assert_memory_means (facts, "enough for the virtual machine that you run (win10, with 4.0\u00a0GiB)");
}

static void
test_helper (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();

  assert_finds (facts, "helper", PF_DOCTOR_OK, "answers", NULL);
  facts->problem = g_strdup ("The way home was blocked.");
  assert_finds (facts, "helper", PF_DOCTOR_WARNING, "The way home was blocked.", NULL);
  facts->helper = PF_DOCTOR_HELPER_FAILED;
  facts->helper_message = g_strdup ("It is not installed.");
  assert_finds (facts, "helper", PF_DOCTOR_PROBLEM, "It is not installed.", "journalctl -u portferry");
  facts->helper = PF_DOCTOR_HELPER_FORBIDDEN;
  assert_finds (facts, "helper", PF_DOCTOR_PROBLEM, "may not talk", "system.d");
}

static void
test_permission (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();

  assert_finds (facts, "permission", PF_DOCTOR_OK, "without a password", NULL);
  facts->permission = PF_DOCTOR_PERMISSION_PASSWORD;
  assert_finds (facts, "permission", PF_DOCTOR_HINT, "password", "polkit rule");
  facts->permission = PF_DOCTOR_PERMISSION_NO;
  assert_finds (facts, "permission", PF_DOCTOR_PROBLEM, "may not", "rules.d");
  facts->permission = PF_DOCTOR_PERMISSION_UNKNOWN;
  assert_finds (facts, "permission", PF_DOCTOR_WARNING, "polkit", "polkitd");
}

static void
test_desktop (void)
{
  g_autoptr (PfDoctorFacts) facts = make_facts ();

  assert_finds (facts, "tray-host", PF_DOCTOR_OK, "shows tray icons", NULL);
  assert_finds (facts, "notifications", PF_DOCTOR_OK, "shows notifications", NULL);
  set_text (&facts->desktop, "LXQt");
  assert_finds (facts, "tray-host", PF_DOCTOR_OK, "right click", NULL);
  set_text (&facts->desktop, "KDE");
  assert_finds (facts, "tray-host", PF_DOCTOR_OK, "icon can be seen.", NULL);
  facts->has_tray_host = facts->has_notifications = FALSE;
  assert_finds (facts, "tray-host", PF_DOCTOR_WARNING, "StatusNotifierWatcher", "panel");
  assert_finds (facts, "notifications", PF_DOCTOR_WARNING, "Nothing on this desktop", "dunst");
  facts->has_x_tray = TRUE;
  assert_finds (facts, "tray-host", PF_DOCTOR_OK, "XEmbed", NULL);
  facts->has_x_tray = FALSE;
  set_text (&facts->desktop, "ubuntu:GNOME");
  assert_finds (facts, "tray-host", PF_DOCTOR_WARNING, "StatusNotifierWatcher",
                "“AppIndicator and KStatusNotifierItem Support”");
  facts->has_session = FALSE;
  g_assert_false (says_anything (facts, "tray-host"));
  g_assert_false (says_anything (facts, "notifications"));
}

/* Colour is not the only sign: each state has a name, a word and a symbol of its own. */
static void
test_states (void)
{
  for (PfDoctorState a = PF_DOCTOR_OK; a <= PF_DOCTOR_PROBLEM; a++)
    for (PfDoctorState b = a + 1; b <= PF_DOCTOR_PROBLEM; b++)
      {
        g_assert_cmpstr (pf_doctor_state_get_name (a), !=, pf_doctor_state_get_name (b));
        g_assert_cmpstr (pf_doctor_state_get_word (a), !=, pf_doctor_state_get_word (b));
        g_assert_cmpstr (pf_doctor_state_get_symbol (a), !=, pf_doctor_state_get_symbol (b));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor/all-well", test_all_well);
  g_test_add_func ("/doctor/iommu", test_iommu);
  g_test_add_func ("/doctor/lending", test_lending);
  g_test_add_func ("/doctor/parameters", test_parameters);
  g_test_add_func ("/doctor/lenders", test_lenders);
  g_test_add_func ("/doctor/vfio", test_vfio);
  g_test_add_func ("/doctor/usb-mode", test_usb_mode);
  g_test_add_func ("/doctor/lockdown", test_lockdown);
  g_test_add_func ("/doctor/memlock", test_memlock);
  g_test_add_func ("/doctor/memlock/guest", test_memlock_of_a_guest);
  g_test_add_func ("/doctor/helper", test_helper);
  g_test_add_func ("/doctor/permission", test_permission);
  g_test_add_func ("/doctor/desktop", test_desktop);
  g_test_add_func ("/doctor/states", test_states);
  g_test_add_func ("/doctor/iommufd", test_iommufd);
  return g_test_run ();
}
