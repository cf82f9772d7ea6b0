/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Profile files: what is written reads back, and whatever else stands in a file is refused with a reason. */

#include <string.h>

#include "pf-error.h"
#include "pf-profile.h"

#define RANDOM_PROFILES 10000
#define MUTATIONS 100000

static void
assert_keys_equal (const PfDeviceKey *a, const PfDeviceKey *b)
{
  g_assert_cmpstr (a->address, ==, b->address);
  g_assert_cmpstr (a->path, ==, b->path);
  g_assert_cmphex (a->vendor, ==, b->vendor);
  g_assert_cmphex (a->device, ==, b->device);
}

static void
assert_profiles_equal (const PfProfile *a, const PfProfile *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->label, ==, b->label);
  g_assert_cmpstr (a->icon, ==, b->icon);
  g_assert_cmpint (a->side, ==, b->side);
  g_assert_cmpstr (a->vfio_user, ==, b->vfio_user);
  g_assert_cmpstr (a->vfio_group, ==, b->vfio_group);
  g_assert_cmpstr (a->qmp, ==, b->qmp);
  g_assert_cmpstr (a->libvirt_domain, ==, b->libvirt_domain);
  g_assert_cmpstr (a->libvirt_uri, ==, b->libvirt_uri);
  g_assert_cmpuint (a->controllers->len, ==, b->controllers->len);
  for (guint i = 0; i < a->controllers->len; i++)
    assert_keys_equal (a->controllers->pdata[i], b->controllers->pdata[i]);
  g_assert_cmpint (a->confirm, ==, b->confirm);
  g_assert_cmpuint (a->confirm_seconds, ==, b->confirm_seconds);
  g_assert_cmpint (a->on_vm_exit, ==, b->on_vm_exit);
  g_assert_cmpint (a->super_speed_off, ==, b->super_speed_off);
  g_assert_cmpint (a->guest_may_switch, ==, b->guest_may_switch);
  g_assert_cmpint (a->lock_on_switch, ==, b->lock_on_switch);
  g_assert_cmpint (a->router == NULL, ==, b->router == NULL);
  if (a->router != NULL)
    assert_keys_equal (a->router, b->router);
  g_assert_cmphex (pf_port_set_resolve (&a->ports, 0x3fff), ==, pf_port_set_resolve (&b->ports, 0x3fff));
  g_assert_cmpint (a->ports.all_of_ehci[0], ==, b->ports.all_of_ehci[0]);
  g_assert_cmpint (a->ports.all_of_ehci[1], ==, b->ports.all_of_ehci[1]);
}

/* Writes @profile and reads it again. */
static void
assert_round_trip (const PfProfile *profile)
{
  gsize length, again_length;
  g_autofree char *text = pf_profile_serialize (profile, &length);
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfProfile) back = pf_profile_parse (profile->id, text, length, &error);

  if (error != NULL)
    g_error ("%s\n%s", error->message, text);
  assert_profiles_equal (profile, back);
  again = pf_profile_serialize (back, &again_length);
  g_assert_cmpmem (text, length, again, again_length);
}

static char *
make_word (GRand *random, const char *letters, int max)
{
  GString *word = g_string_new (NULL);

  for (int i = g_rand_int_range (random, 1, max + 1); i > 0; i--)
    g_string_append_c (word, letters[g_rand_int_range (random, 0, (gint32) strlen (letters))]);
  return g_string_free (word, FALSE);
}

/* Any printable characters: those that keyfiles use themselves are likely, at both ends too. */
static char *
make_label (GRand *random)
{
  static const char special[] = " ;=#[]\\\"',%\n\ts";
  GString *label = g_string_new (NULL);

  for (int left = g_rand_int_range (random, 1, PF_PROFILE_MAX_LABEL + 1); left > 0;)
    {
      gunichar c = g_rand_boolean (random)
                       ? (gunichar) special[g_rand_int_range (random, 0, strlen (special))]
                       : (gunichar) g_rand_int_range (random, 0x20, 0x11000);

      if (!g_unichar_validate (c) || !g_unichar_isprint (c))
        continue;
      g_string_append_unichar (label, c);
      left--;
    }
  return g_string_free (label, FALSE);
}

static PfDeviceKey *
make_key (GRand *random, guint number)
{
  g_autofree char *address
      = g_strdup_printf ("%04x:%02x:%02x.%x",
                         g_rand_boolean (random) ? 0 : (guint) g_rand_int_range (random, 0, 1 << 20), number,
                         (guint) g_rand_int_range (random, 0, 32), (guint) g_rand_int_range (random, 0, 8));
  PfDeviceKey *key = pf_device_key_new (address);

  if (g_rand_boolean (random))
    key->path = make_word (random, "0123456789abcdef:./-_ABCxyz", 100);
  if (g_rand_boolean (random))
    {
      key->vendor = (guint16) g_rand_int_range (random, 1, 65536);
      key->device = (guint16) g_rand_int_range (random, 0, 65536);
    }
  return key;
}

static void
add_vm (PfProfile *profile, GRand *random)
{
  g_autofree char *path = make_word (random, "abc/;=[] 09", PF_PROFILE_MAX_QMP - 3);
  g_autofree char *domain = make_label (random);

  if (g_rand_boolean (random))
    profile->qmp = g_strconcat (g_rand_boolean (random) ? "%t/" : "/", path, NULL);
  else if (strchr (domain, '/') == NULL)
    profile->libvirt_domain = g_steal_pointer (&domain);
  if (g_rand_boolean (random))
    profile->libvirt_uri = g_strdup ("qemu:///session");
}

static PfProfile *
make_profile (GRand *random)
{
  static const char names[] = "abcXYZ019-_.";
  g_autofree char *id = make_word (random, "abcz09", 20);
  PfProfile *profile = pf_profile_new (id);

  g_free (profile->label);
  profile->label = make_label (random);
  if (g_rand_boolean (random))
    profile->icon = make_word (random, names, 64);
  if (g_rand_boolean (random))
    profile->vfio_user = make_word (random, names, 32);
  if (g_rand_boolean (random))
    profile->vfio_group = make_word (random, names, 32);
  add_vm (profile, random);
  profile->side = (PfSide) g_rand_int_range (random, 0, 3);
  profile->confirm = (PfConfirm) g_rand_int_range (random, 0, 3);
  profile->confirm_seconds = (guint) g_rand_int_range (random, 5, 121);
  profile->on_vm_exit = (PfOnVmExit) g_rand_int_range (random, 0, 4);
  profile->super_speed_off = g_rand_boolean (random);
  profile->guest_may_switch = profile->vfio_user != NULL && g_rand_boolean (random);
  profile->lock_on_switch = g_rand_boolean (random);
  for (int i = g_rand_int_range (random, 0, g_rand_int_range (random, 1, PF_PROFILE_MAX_CONTROLLERS + 2));
       i > 0; i--)
    g_ptr_array_add (profile->controllers, make_key (random, (guint) i));
  if (g_rand_boolean (random))
    return profile;
  profile->router = make_key (random, 0);
  profile->ports.bits = g_rand_int (random) & PF_PORT_MAP_BITS;
  profile->ports.all_of_ehci[0] = g_rand_boolean (random);
  profile->ports.all_of_ehci[1] = !profile->ports.all_of_ehci[0];
  return profile;
}

static void
test_random_round_trip (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (8);

  for (guint i = 0; i < RANDOM_PROFILES; i++)
    {
      g_autoptr (PfProfile) profile = make_profile (random);
      g_autoptr (PfProfile) copy = pf_profile_copy (profile);

      assert_profiles_equal (profile, copy);
      assert_round_trip (copy);
    }
}

/* The example in the format's description. */
static const char example[] = "# by hand, C:\\\n"
                              "[Profile]\n"
                              "Format=1\n"
                              "Label=Windows\n"
                              "Icon=computer\n"
                              "Side=auto\n"
                              "VfioUser=alice\n"
                              "VfioGroup=kvm\n"
                              "Qmp=%t/windows.qmp\n"
                              "LibvirtUri=qemu:///session\n"
                              "Confirm=always\n"
                              "ConfirmSeconds=30\n"
                              "OnVmExit=previous\n"
                              "SuperSpeedOff=true\n"
                              "GuestMaySwitch=true\n"
                              "LockOnSwitch=true\n"
                              "\n"
                              "[Controller 0000:00:1a.0]\n"
                              "Id=8086:8cad\n"
                              "Path=pci0000:00/1a.0\n"
                              "\n"
                              "[Ports 0000:00:14.0]\n"
                              "Id=8086:8cb1\n"
                              "Path=pci0000:00/14.0\n"
                              "Guest=ehci2/1;ehci2/3\n";

static PfProfile *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  PfProfile *profile = pf_profile_parse ("windows", text, strlen (text), &error);

  g_assert_no_error (error);
  return profile;
}

static void
test_example (void)
{
  g_autoptr (PfProfile) profile = parse (example);
  const PfDeviceKey *key = profile->controllers->pdata[0];

  g_assert_cmpstr (profile->id, ==, "windows");
  g_assert_cmpstr (profile->label, ==, "Windows");
  g_assert_cmpstr (profile->icon, ==, "computer");
  g_assert_cmpint (profile->side, ==, PF_SIDE_AUTO);
  g_assert_cmpstr (profile->vfio_user, ==, "alice");
  g_assert_cmpstr (profile->vfio_group, ==, "kvm");
  g_assert_cmpstr (profile->qmp, ==, "%t/windows.qmp");
  g_assert_null (profile->libvirt_domain);
  g_assert_cmpstr (profile->libvirt_uri, ==, "qemu:///session");
  g_assert_cmpint (profile->confirm, ==, PF_CONFIRM_ALWAYS);
  g_assert_cmpuint (profile->confirm_seconds, ==, 30);
  g_assert_cmpint (profile->on_vm_exit, ==, PF_ON_VM_EXIT_PREVIOUS);
  g_assert_true (profile->super_speed_off);
  g_assert_true (profile->guest_may_switch);
  g_assert_true (profile->lock_on_switch);
  g_assert_cmpuint (profile->controllers->len, ==, 1);
  g_assert_cmpstr (key->address, ==, "0000:00:1a.0");
  g_assert_cmpstr (key->path, ==, "pci0000:00/1a.0");
  g_assert_cmphex (key->vendor, ==, 0x8086);
  g_assert_cmphex (key->device, ==, 0x8cad);
  g_assert_cmpstr (profile->router->address, ==, "0000:00:14.0");
  g_assert_cmphex (pf_port_set_resolve (&profile->ports, 0x3fff), ==, 0x0500);
  assert_round_trip (profile);
}

/* What a person may leave out or write for short. */
static void
test_by_hand (void)
{
  g_autoptr (PfProfile) bare = parse ("[Profile]\n");
  g_autoptr (PfProfile) short_form
      = parse ("[Controller 1A:00.0]\n[Ports 00:14.0]\nId=any\nGuest=all;0x0001;\n[Profile]\n");
  const PfDeviceKey *key = short_form->controllers->pdata[0];

  g_assert_cmpstr (bare->label, ==, "windows");
  g_assert_null (bare->icon);
  g_assert_null (bare->router);
  g_assert_cmpint (bare->confirm, ==, PF_CONFIRM_FIRST);
  g_assert_cmpuint (bare->confirm_seconds, ==, 15);
  g_assert_cmpint (bare->on_vm_exit, ==, PF_ON_VM_EXIT_AUTO);
  g_assert_false (bare->super_speed_off);
  g_assert_false (bare->guest_may_switch);
  g_assert_false (bare->lock_on_switch);
  g_assert_cmpuint (bare->controllers->len, ==, 0);
  g_assert_cmpstr (key->address, ==, "0000:1a:00.0");
  g_assert_null (key->path);
  g_assert_cmphex (key->vendor, ==, 0);
  g_assert_cmphex (pf_port_set_resolve (&short_form->ports, 0x0f3f), ==, 0x0f3f);
  assert_round_trip (bare);
  assert_round_trip (short_form);
}

typedef struct
{
  const char *text;
  const char *word; /* that the message has to have */
} Malformed;

#define P "[Profile]\n"
#define K "[Controller 0000:00:1a.0]\n"
#define R "[Ports 0000:00:14.0]\n"

static const Malformed malformed[] = {
  { "", "[Profile]" },
  { "\n\n# nothing\n", "[Profile]" },
  { "[profile]\n", "[Profile]" },
  { "[Profile ]\n", "[Profile]" },
  { K, "[Profile]" },
  { "Label=x\n" P, "group" },
  { P "Label\n", "Label" },
  { P "=x\n", "" },
  { "[Profile\nLabel=x\n", "" },
  { "<xml/>", "" },
  { P "Format=2\n", "Format" },
  { P "Format=\n", "Format" },
  { P "Format=one\n", "Format" },
  { P "Format=1;1\n", "Format" },
  { P "format=1\n", "format" },
  { P "Label=\n", "Label" },
  { P "Label=a\\tb\n", "Label" },
  { P "Label=\\q\n", "Label" },
  { P "Label=\xe2\x80\xae"
      "evil\n",
    "Label" },
  { P "Label[de]=x\n", "Label[de]" },
  { P "Label[C]=x\n", "Label[C]" },
  { P "Icon=a/b\n", "Icon" },
  { P "Icon=../../etc/passwd\n", "Icon" },
  { P "Side=left\n", "Side" },
  { P "Side=\n", "Side" },
  { P "Side=EHCI\n", "Side" },
  { P "VfioUser=a b\n", "VfioUser" },
  { P "VfioUser=root:0\n", "VfioUser" },
  { P "VfioUser=abcdefghijklmnopqrstuvwxyz1234567\n", "VfioUser" },
  { P "VfioGroup=\xc3\xa4\n", "VfioGroup" },
  { P "Qmp=games.qmp\n", "Qmp" },
  { P "Qmp=%t\n", "Qmp" },
  { P "LibvirtDomain=a/b\n", "LibvirtDomain" },
  { P "LibvirtUri=qemu+ssh://host/system\n", "LibvirtUri" },
  { P "Qmp=/run/a\nLibvirtDomain=a\n", "LibvirtDomain" },
  { P "Confirm=\n", "Confirm" },
  { P "Confirm=yes\n", "Confirm" },
  { P "ConfirmSeconds=4\n", "ConfirmSeconds" },
  { P "ConfirmSeconds=121\n", "ConfirmSeconds" },
  { P "ConfirmSeconds=5s\n", "ConfirmSeconds" },
  { P "ConfirmSeconds=-10\n", "ConfirmSeconds" },
  { P "ConfirmSeconds=4294967306\n", "ConfirmSeconds" },
  { P "OnVmExit=stay\n", "OnVmExit" },
  { P "SuperSpeedOff=1\n", "SuperSpeedOff" },
  { P "SuperSpeedOff=TRUE\n", "SuperSpeedOff" },
  { P "GuestMaySwitch=yes\n", "GuestMaySwitch" },
  { P "GuestMaySwitch=true\n[Controller 00:1a.0]\n", "VfioUser" },
  { P "GuestMaySwitch=true\nVfioGroup=kvm\n[Controller 00:1a.0]\n", "VfioUser" },
  { P "LockOnSwitch=yes\n", "LockOnSwitch" },
  { P "Color=blue\n", "Color" },
  { P "[Controller]\n", "[Controller]" },
  { P "[Controller ]\n", "[Controller ]" },
  { P "[Controller 0000:00:14x0]\n", "0000:00:14x0" },
  { P "[Controller *]\n", "[Controller *]" },
  { P "[controller 0000:00:1a.0]\n", "[controller" },
  { P "[Controllers]\n", "[Controllers]" },
  { P K "Id=8086\n", "Id" },
  { P K "Id=\n", "Id" },
  { P K "Id=8086:8cad:1\n", "Id" },
  { P K "Id=0000:8cad\n", "Id" },
  { P K "Id=8086:8cax\n", "Id" },
  { P K "Id=ANY\n", "Id" },
  { P K "Id=\\q\n", "Id" },
  { P K "Path=\n", "Path" },
  { P K "Path=\\q\n", "Path" },
  { P K "Path=pci0000:00/1a.0;x\n", "Path" },
  { P K "Path=a b\n", "Path" },
  { P K "Guest=all\n", "Guest" },
  { P K "Driver=vfio-pci\n", "Driver" },
  { P K "[Controller 00:1a.0]\n", "0000:00:1a.0 twice" },
  { P "[Controller 00:1A.0]\nId=8086:1111\n" K, "twice" },
  { P R, "Guest" },
  { P R "Guest=\n", "Guest" },
  { P R "Guest=;\n", "is not a port" },
  { P R "Guest=ehci3/1\n", "ehci3/1" },
  { P R "Guest=ehci1/1,ehci1/2\n", "ehci1/1,ehci1/2" },
  { P R "Guest=ehci1/1;;ehci1/2\n", "is not a port" },
  { P R "Guest=\\q\n", "Guest" },
  { P R "Guest=all\nHost=none\n", "Host" },
  { P R "Guest[fr]=all\nGuest=ehci1\n", "Guest[fr]" },
  { P R "Guest=all\nId=x\n", "Id" },
  { P "[Ports x]\nGuest=all\n", "[Ports x]" },
  { P R "Guest=all\n[Ports 0000:00:15.0]\nGuest=all\n", "more than one router" },
  { P R "Guest=all\n[Ports 00:14.0]\nGuest=all\n", "more than one router" },
  { P "[Something]\n", "[Something]" },
  { P "Label=a\nLabel=b\n", "Line 3: the key “Label” of [Profile] is there twice." },
  { P "Label=a\n# again\n\n  Label =a\n", "Line 5: the key “Label” of [Profile]" },
  { P K P "Label=b\n", "Line 3: the group [Profile] is there twice." },
  { P K "Id=8086:1e26\n" K "Id=8086:1e2d\n", "the group [Controller 0000:00:1a.0]" },
  { P R "Guest=all\r\nGuest=ehci1/1\r\n", "Line 4: the key “Guest”" },
  { P "Label=\\q\\\n", "Line 2 ends with a backslash" },
  { P "Label=\\q\\\\\\\r\n", "Line 2 ends with a backslash" },
  { P "[]\n", "" },
};

static void
assert_refused (const char *text, gsize length, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfProfile) profile = pf_profile_parse ("windows", text, length, &error);

  g_assert_null (profile);
  g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_PROFILE);
  g_test_message ("%s", error->message);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_nonnull (strstr (error->message, "windows.profile"));
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” does not say “%s”", error->message, word);
}

static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    assert_refused (malformed[i].text, strlen (malformed[i].text), malformed[i].word);
}

/* A message quotes what is wrong, and gets onto a terminal. */
static void
test_hostile_text (void)
{
  assert_refused (P "La\033[2Jbel=a\n", strlen (P "La\033[2Jbel=a\n"), "La\357\277\275[2Jbel");
  assert_refused (P "no key \033[2J\n", strlen (P "no key \033[2J\n"), "no key \357\277\275[2J");
}

static void
test_not_text (void)
{
  static const char nul[] = P "Label=a\0b\n";
  static const char nul_at_end[] = P "Label=ab\n";
  static const char *const junk[] = { P "Label=\xff\n", P "Label=\xc0\x80\n", P "Label=\xed\xa0\x80\n",
                                      "\xef\xbb", P "# \xf4\x90\x80\x80\n" };

  assert_refused (nul, sizeof nul - 1, "UTF-8");
  assert_refused (nul_at_end, sizeof nul_at_end, "UTF-8");
  for (guint i = 0; i < G_N_ELEMENTS (junk); i++)
    assert_refused (junk[i], strlen (junk[i]), "UTF-8");
}

static char *
make_file (gsize size)
{
  GString *text = g_string_new (P "#");

  while (text->len < size)
    g_string_append_c (text, '#');
  return g_string_free (text, FALSE);
}

static void
test_size_limit (void)
{
  g_autofree char *largest = make_file (PF_PROFILE_MAX_SIZE);
  g_autofree char *too_large = make_file (PF_PROFILE_MAX_SIZE + 1);
  g_autoptr (PfProfile) profile = parse (largest);

  g_assert_nonnull (profile);
  assert_refused (too_large, strlen (too_large), "65536");
  assert_refused (too_large, G_MAXSIZE, "65536");
}

static char *
make_controllers (guint count)
{
  GString *text = g_string_new (P);

  for (guint i = 0; i < count; i++)
    g_string_append_printf (text, "[Controller 0000:%02x:00.0]\n", i);
  return g_string_free (text, FALSE);
}

static void
test_controller_limit (void)
{
  g_autofree char *most = make_controllers (PF_PROFILE_MAX_CONTROLLERS);
  g_autofree char *too_many = make_controllers (PF_PROFILE_MAX_CONTROLLERS + 1);
  g_autoptr (PfProfile) profile = parse (most);

  g_assert_cmpuint (profile->controllers->len, ==, PF_PROFILE_MAX_CONTROLLERS);
  assert_round_trip (profile);
  assert_refused (too_many, strlen (too_many), "64 controllers");
}

/* Lists of ports as long as a file can be; saying a port twice is no mistake. */
static void
test_huge_lists (void)
{
  g_autoptr (GString) text = g_string_new (P R "Guest=");
  g_autoptr (GString) wrong = NULL;
  g_autoptr (PfProfile) profile = NULL;

  while (text->len < PF_PROFILE_MAX_SIZE - 20)
    g_string_append (text, "ehci1/1;");
  wrong = g_string_new (text->str);
  g_string_append (wrong, "ehci9/9\n");
  profile = parse (text->str);
  g_assert_cmphex (profile->ports.bits, ==, 0x0001);
  assert_round_trip (profile);
  assert_refused (wrong->str, wrong->len, "ehci9/9");
}

static void
test_long_values (void)
{
  g_autofree char *letters = g_strnfill (60000, 'a');
  static const char *const keys[] = { P "Label=",  P "Icon=", P "Side=",    P "VfioUser=",
                                      P K "Path=", P K "Id=", P R "Guest=", P "Unknown" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *text = g_strconcat (keys[i], letters, "\n", NULL);

      assert_refused (text, strlen (text), "");
    }
}

static const char *const seeds[] = {
  example,
  P K,
  P "Label=x\nSide=xhci\n" R "Guest=all\n",
  P "[Controller 10000:e1:00.0]\nId=8086:9a13\n[Controller 0000:21:00.3]\nPath=pci0000:00/07.1/00.3\n",
  P "Format=1\nLabel=\\s a;b=c \n" R "Id=any\nGuest=ehci1/1;ehci2;bit/3;0x0f00;\n",
};

/* Bytes that mean something to a keyfile are likely to be put in. */
static guint8
choose_byte (GRand *random)
{
  static const char special[] = "[]=;#\\\n\r \0\t:./\xff\xc3\x80sn0a";

  if (g_rand_boolean (random))
    return (guint8) special[g_rand_int_range (random, 0, sizeof special)];
  return (guint8) g_rand_int_range (random, 0, 256);
}

static void
mutate (GRand *random, GString *text)
{
  gssize at = g_rand_int_range (random, 0, (gint32) text->len + 1);
  gssize length = g_rand_int_range (random, 0, MIN (40, (gint32) ((gssize) text->len - at) + 1));
  g_autofree char *part = g_memdup2 (text->str + at, (gsize) length);

  switch (g_rand_int_range (random, 0, 5))
    {
    case 0:
      if (at < (gssize) text->len)
        text->str[at] = (char) choose_byte (random);
      break;
    case 1:
      g_string_insert_c (text, at, (char) choose_byte (random));
      break;
    case 2:
      g_string_erase (text, at, length);
      break;
    case 3:
      if (length > 0)
        g_string_insert_len (text, g_rand_int_range (random, 0, (gint32) text->len + 1), part, length);
      break;
    default:
      if (at < (gssize) text->len)
        text->str[at] = (char) (text->str[at] ^ (1 << g_rand_int_range (random, 0, 8)));
      break;
    }
}

/* A parser that is given anything answers with a reason, or with a profile that it would write the same way
 * again. */
static void
test_mutations (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  guint accepted = 0;

  for (guint round = 0; round < MUTATIONS; round++)
    {
      g_autoptr (GString) text = g_string_new (seeds[round % G_N_ELEMENTS (seeds)]);
      g_autoptr (GError) error = NULL;
      g_autoptr (PfProfile) profile = NULL;

      for (int i = g_rand_int_range (random, 1, 5); i > 0; i--)
        mutate (random, text);
      profile = pf_profile_parse ("windows", text->str, text->len, &error);
      if (profile == NULL)
        {
          g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_PROFILE);
          g_assert_true (g_utf8_validate (error->message, -1, NULL));
          continue;
        }
      accepted++;
      assert_round_trip (profile);
    }
  g_test_message ("%u of %u were profiles", accepted, MUTATIONS);
  g_assert_cmpuint (accepted, >, MUTATIONS / 50);
  g_assert_cmpuint (accepted, <, MUTATIONS / 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/profile-codec/random-round-trip", test_random_round_trip);
  g_test_add_func ("/model/profile-codec/example", test_example);
  g_test_add_func ("/model/profile-codec/by-hand", test_by_hand);
  g_test_add_func ("/model/profile-codec/refused", test_refused);
  g_test_add_func ("/model/profile-codec/hostile-text", test_hostile_text);
  g_test_add_func ("/model/profile-codec/not-text", test_not_text);
  g_test_add_func ("/model/profile-codec/size-limit", test_size_limit);
  g_test_add_func ("/model/profile-codec/controller-limit", test_controller_limit);
  g_test_add_func ("/model/profile-codec/huge-lists", test_huge_lists);
  g_test_add_func ("/model/profile-codec/long-values", test_long_values);
  g_test_add_func ("/model/profile-codec/mutations", test_mutations);
  return g_test_run ();
}
