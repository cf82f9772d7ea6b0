/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-drivers.h"

#include <string.h>

#define ANY "" /* device of that vendor */

/* The driver that claims a chip by its ID, as in the ID tables of Linux (the file is named for each). Compared with
 * modules.alias of Debian's Linux 6.1.192. Not checked are the IDs that came later (Wi-Fi 7, xe, 8852be and 8852ce,
 * some of sof and i40e), Thunderbolt's before 2014, and drivers that Debian does not build (dwc3-pci, spi-intel-pci).
 * The first match wins. A chip that is not here goes by its class: pf-fake-chips.c. Where an ID is missing, the board
 * has to give the driver. */
static const struct
{
  const char *driver;
  guint16 vendor;
  guint32 class_code;
  guint32 class_mask;
  const char *devices; /* with spaces between them */
} chips[] = {
  /* Network: drivers/net/ethernet/intel: igc/igc_hw.h (I225, I226), igb/e1000_hw.h (82575 to I354),
   * ixgbe/ixgbe_type.h (82598 to X550), i40e/i40e_devids.h, ice/ice_devids.h, e1000/e1000_hw.h */
  { "igc", 0x8086, 0x020000, 0xffff00,
    "15f2 15f3 15f7 15f8 15fd 0d9f 125b 125c 125d 125e 125f 3100 3101 3102 5502 5503" },
  { "igb", 0x8086, 0x020000, 0xffff00,
    "10a7 10a9 10d6 10c9 10e6 10e7 10e8 1526 150a 150d 1518 150e 150f 1510 1511 1516 0438 043a 043c 0440 "
    "1521 1522 1523 "
    "1524 1533 1536 1537 1538 1539 157b 157c 1f40 1f41 1f45" },
  { "ixgbe", 0x8086, 0x020000, 0xffff00,
    "10b6 10c6 10c7 10c8 150b 10db 10dd 10e1 10ec 10f1 10f4 1508 10f7 10f8 10f9 10fb 10fc 11a9 1507 1514 "
    "1517 151c 1528 "
    "1529 152a 154a 154d 1557 1558 1560 1563 15aa 15ab 15ac 15ad 15ae 15b0 15c2 15c3 15c4 15c6 15c7 15c8 "
    "15ce 15d1 15e4 "
    "15e5" },
  { "i40e", 0x8086, 0x020000, 0xffff00,
    "1572 1574 1580 1581 1583 1584 1585 1586 1587 1588 1589 158a 158b 15ff 0104 0105 37ce 37cf 37d0 37d1 "
    "37d2 37d3" },
  { "ice", 0x8086, 0x020000, 0xffff00,
    "1591 1592 1593 1599 159a 159b 188a 188b 188c 188d 188e 1890 1891 1892 1893 1894" },
  { "e1000", 0x8086, 0x020000, 0xffff00,
    "1000 1001 1004 1008 1009 100c 100d 100e 100f 1010 1011 1012 1013 1015 1016 1017 1018 1019 101a 101d "
    "101e 1026 1027 "
    "1028 1075 1076 1077 1078 1079 107a 107b 107c 108a 1099 10b5" },
  /* aquantia/atlantic/aq_pci_func.c */
  { "atlantic", 0x1d6a, 0x020000, 0xff0000, ANY },
  /* realtek: 8139too.c; all others of Realtek are r8169's */
  { "8139too", 0x10ec, 0x020000, 0xffff00, "8138 8139" },
  /* atheros: alx/main.c, atl1c/atl1c_main.c */
  { "alx", 0x1969, 0x020000, 0xffff00, "1090 1091 10a0 10a1 e091 e0a1 e0b1" },
  { "atl1c", 0x1969, 0x020000, 0xffff00, "1062 1063 1073 1083 2060 2062" },
  /* marvell/sky2.c, broadcom/tg3.c, mellanox/mlx5 and mlx4 */
  { "sky2", 0x11ab, 0x020000, 0xffff00, ANY },
  { "tg3", 0x14e4, 0x020000, 0xffff00, ANY },
  { "mlx4_core", 0x15b3, 0x020000, 0xff0000, "1003 1004 1007" },
  { "mlx5_core", 0x15b3, 0x020000, 0xff0000, ANY },

  /* Radio: drivers/net/wireless/mediatek/mt76: mt7921/pci.c, mt7925/pci.c, mt7915/pci.c, mt7615/pci.c,
     mt76x2/pci.c */
  { "mt7921e", 0x14c3, 0x028000, 0xffff00, "0608 0616 7920 7922 7961" },
  { "mt7925e", 0x14c3, 0x028000, 0xffff00, "0717 7925" },
  { "mt7915e", 0x14c3, 0x028000, 0xffff00, "7906 7915" },
  { "mt7615e", 0x14c3, 0x028000, 0xffff00, "7611 7615 7663" },
  { "mt76x2e", 0x14c3, 0x028000, 0xffff00, "7602 7612 7662" },
  /* ath: ath12k/pci.c, ath11k/pci.c, ath10k/pci.c, ath9k/pci.c, ath5k/pci.c */
  { "ath12k_pci", 0x17cb, 0x028000, 0xffff00, "1107 1109" },
  { "ath11k_pci", 0x17cb, 0x028000, 0xffff00, "1101 1103 1104" },
  { "ath10k_pci", 0x168c, 0x028000, 0xffff00, "003c 003e 0040 0041 0042 0046 0050 0056" },
  { "ath9k", 0x168c, 0x028000, 0xffff00,
    "0023 0024 0027 0029 002a 002b 002c 002d 002e 0030 0032 0033 0034 0036 0037" },
  { "ath5k", 0x168c, 0x020000, 0xff0000, "0007 0013 001a 001b 001c 001d" },
  /* realtek: rtw89, rtw88, rtlwifi */
  { "rtw89_8922ae", 0x10ec, 0x028000, 0xffff00, "8922" },
  { "rtw89_8852ae", 0x10ec, 0x028000, 0xffff00, "8852 a85a" },
  { "rtw89_8852be", 0x10ec, 0x028000, 0xffff00, "b852 b85b" },
  { "rtw89_8852ce", 0x10ec, 0x028000, 0xffff00, "c852" },
  { "rtw_8822ce", 0x10ec, 0x028000, 0xffff00, "c822 c82f" },
  { "rtw_8822be", 0x10ec, 0x028000, 0xffff00, "b822" },
  { "rtw_8821ce", 0x10ec, 0x028000, 0xffff00, "b821 c821" },
  { "rtl8821ae", 0x10ec, 0x028000, 0xffff00, "8812 8821" },
  /* broadcom/brcm80211/brcmfmac/pcie.c; older ones are bcma's */
  { "brcmfmac", 0x14e4, 0x028000, 0xffff00, "43a3 43b1 43ba 43bb 43c3 43d3 43dc 43ec 4425 4464 4488" },
  { "bcma-pci-bridge", 0x14e4, 0x028000, 0xffff00, ANY },

  /* Graphics: drivers/gpu/drm/xe/xe_pci.c (Lunar Lake, Battlemage, Panther Lake; what came before is i915's
     by itself) */
  { "xe", 0x8086, 0x030000, 0xff0000,
    "6420 64a0 64b0 e202 e209 e20b e20c e20d e210 e211 e212 e215 e216 e220 e221 e222 e223 b080 b081 b082 "
    "b083 b08f b090" },
  { "ast", 0x1a03, 0x030000, 0xff0000, ANY },
  { "mgag200", 0x102b, 0x030000, 0xff0000, ANY },
  { "qxl", 0x1b36, 0x030000, 0xff0000, "0100" },
  { "bochs-drm", 0x1234, 0x030000, 0xff0000, "1111" },
  { "vmwgfx", 0x15ad, 0x030000, 0xff0000, ANY },
  { "virtio-pci", 0x1af4, 0, 0, ANY },
  /* drivers/i2c/busses/i2c-nvidia-gpu.c: USB-C on a graphics card */
  { "nvidia-gpu", 0x10de, 0x0c8000, 0xffff00, ANY },

  /* Sound: sound/soc/sof/intel/pci-*.c; a digital signal processor that is used shows as 0401 or with
   * prog-if 80. sound/soc/amd */
  { "snd_hda_intel", 0x8086, 0x040300, 0xffffff, ANY },
  { "sof-audio-pci-intel-tgl", 0x8086, 0x040000, 0xff0000,
    "a0c8 43c8 4b55 4b58 51c8 51ca 51cb 51cc 51cd 51ce 51cf 54c8 7ad0 7a50" },
  { "sof-audio-pci-intel-cnl", 0x8086, 0x040000, 0xff0000, "9dc8 a348 02c8 06c8 a3f0" },
  { "sof-audio-pci-intel-mtl", 0x8086, 0x040000, 0xff0000, "7e28 7728 7f50" },
  { "sof-audio-pci-intel-lnl", 0x8086, 0x040000, 0xff0000, "a828" },
  { "snd_hda_intel", 0x8086, 0x040000, 0xff0000, ANY },
  { "snd_rn_pci_acp3x", 0x1022, 0x048000, 0xffff00, "15e2" },

  /* Storage: drivers/pci/controller/vmd.c; Intel's RAID mode of SATA is ahci's (drivers/ata/ahci.c) */
  { "vmd", 0x8086, 0x010400, 0xffff00, "201d 28c0 467f 4c3d 7d0b 9a0b a77f ad0b b06f" },
  { "ahci", 0x8086, 0x010400, 0xffff00, "2822 2826 282a" },
  { "ata_piix", 0x8086, 0x010100, 0xffff00, ANY },
  { "mpt3sas", 0x1000, 0x010700, 0xffff00, ANY },
  { "megaraid_sas", 0x1000, 0x010400, 0xffff00, ANY },
  /* drivers/mmc/host/sdhci-pci-core.c by class, and drivers/misc/cardreader/rtsx_pcr.c */
  { "rtsx_pci", 0x10ec, 0xff0000, 0xff0000,
    "5209 5227 5228 5229 522a 5249 524a 525a 5260 5261 5264 5286 5287 5289" },

  /* drivers/thunderbolt/nhi.h: host interfaces from before they had a class */
  { "thunderbolt", 0x8086, 0x088000, 0xffff00,
    "1513 1547 1566 1568 156a 156c 1575 1577 15bf 15d2 15d9 15dc 15dd 15de 15e8 15eb 1134 1137 5781 5784" },

  /* drivers/mfd/intel-lpss-pci.c, drivers/spi/spi-intel-pci.c, drivers/thermal/intel,
   * drivers/hid/intel-ish-hid, drivers/platform/x86/intel/vsec.c, drivers/misc/mei/pci-txe.c,
   * drivers/misc/mei/pci-me.c (any 8086:0780) */
  { "intel-spi", 0x8086, 0x0c8000, 0xffff00,
    "02a4 06a4 18e0 19e0 1bca 34a4 38a4 43a4 4b24 4da4 51a4 54a4 5794 7a24 7aa4 7e23 9d24 9da4 a0a4 a1a4 "
    "a224 a2a4 a324 a3a4" },
  { "intel-lpss", 0x8086, 0x0c8000, 0xffff00, ANY },
  /* The 100 series' have the class of signal processing. */
  { "intel-lpss", 0x8086, 0x118000, 0xffff00,
    "9d27 9d28 9d29 9d2a 9d60 9d61 9d62 9d63 9d64 9d65 9d66 a127 a128 a129 a12a a160 a161 a162 a163 a166" },
  { "intel_pch_thermal", 0x8086, 0x118000, 0xffff00,
    "8c24 8d24 9c24 9ca4 9d31 9df9 02f9 06f9 a131 a1b1 a379" },
  { "proc_thermal_pci", 0x8086, 0x118000, 0xffff00, "461d 4c23 7d03 9a03 a71d" },
  { "intel_vsec", 0x8086, 0x118000, 0xffff00, "09a7 467d 7d0d 9a0d a77d" },
  { "intel_ish_ipc", 0x8086, 0x070000, 0xffff00,
    "02fc 06fc 34fc 43fc 4bb3 4dfc 51fc 54fc 5aa2 7a78 7af8 7e45 9d35 9dfc a0fc a135 a2b5 a37c" },
  { "intel_ish_ipc", 0x8086, 0x000000, 0xffffff, "9d35 a135" },
  /* drivers/usb/dwc3/dwc3-pci.c: USB device controllers */
  { "dwc3-pci", 0x1022, 0x0c03fe, 0xffffff, "163a" },
  { "dwc3-pci", 0x8086, 0x0c03fe, 0xffffff,
    "0f37 22b7 5aaa 119e 9d30 a130 02ee 34ee 4b7e 51ee 7ae1 7a61 7e7e a0ee" },
  { "mei_txe", 0x8086, 0x108000, 0xffff00, "0f18 2298" },
  /* drivers/i2c/busses/i2c-piix4.c: of AMD's older chipsets, and Hygon's */
  { "piix4_smbus", 0x1002, 0x0c0500, 0xffff00, ANY },
  { "piix4_smbus", 0x1d94, 0x0c0500, 0xffff00, ANY },
  /* drivers/crypto/ccp/sp-pci.c */
  { "ccp", 0x1d94, 0x108000, 0xffff00, ANY },
};

/* Ranges of drivers/gpu/drm/amd/amdgpu/amdgpu_drv.c that are radeon's unless somebody says otherwise: all
 * before Volcanic Islands (include/drm/drm_pciids.h). */
static const struct
{
  guint16 first;
  guint16 last;
} radeon[] = {
  { 0x1304, 0x131d }, { 0x3150, 0x5fff }, { 0x6600, 0x6667 }, { 0x6700, 0x677b },
  { 0x6780, 0x67be }, { 0x6800, 0x685f }, { 0x6880, 0x68fe }, { 0x7100, 0x72ff },
  { 0x7834, 0x7835 }, { 0x791e, 0x796f }, { 0x9400, 0x985f }, { 0x9900, 0x99a4 },
};

/* Modules that are not called as their driver. */
static const struct
{
  const char *driver;
  const char *module;
} modules[] = {
  { "ath12k_pci", "ath12k" },
  { "bcma-pci-bridge", "bcma" },
  { "bochs-drm", "bochs" },
  { "intel-lpss", "intel_lpss_pci" },
  { "intel-spi", "spi_intel_pci" },
  { "nvidia-gpu", "i2c_nvidia_gpu" },
  { "proc_thermal_pci", "processor_thermal_device_pci" },
  { "rtw_8821ce", "rtw88_8821ce" },
  { "rtw_8822be", "rtw88_8822be" },
  { "rtw_8822ce", "rtw88_8822ce" },
  { "sdhci-pci", "sdhci_pci" },
  { "sof-audio-pci-intel-cnl", "snd_sof_pci_intel_cnl" },
  { "sof-audio-pci-intel-lnl", "snd_sof_pci_intel_lnl" },
  { "sof-audio-pci-intel-mtl", "snd_sof_pci_intel_mtl" },
  { "sof-audio-pci-intel-tgl", "snd_sof_pci_intel_tgl" },
  { "virtio-pci", "virtio_pci" },
  { "dwc3-pci", "dwc3_pci" },
};

static gboolean
is_listed (const char *devices, guint device)
{
  char word[8];

  g_snprintf (word, sizeof word, "%04x", device);
  return *devices == '\0' || strstr (devices, word) != NULL;
}

static gboolean
is_radeon (guint32 id, guint32 class_code)
{
  if (id >> 16 != 0x1002 || class_code >> 16 != 0x03)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (radeon); i++)
    if ((id & 0xffff) >= radeon[i].first && (id & 0xffff) <= radeon[i].last)
      return TRUE;
  return FALSE;
}

/**
 * pf_fake_drivers_find:
 * @id: vendor << 16 | device
 * @class_code: 24 bits
 *
 * Returns: (nullable): the driver that claims this chip because of its ID
 */
const char *
pf_fake_drivers_find (guint32 id, guint32 class_code)
{
  if (is_radeon (id, class_code))
    return "radeon";
  for (guint i = 0; i < G_N_ELEMENTS (chips); i++)
    if (chips[i].vendor == id >> 16 && (class_code & chips[i].class_mask) == chips[i].class_code
        && is_listed (chips[i].devices, id & 0xffff))
      return chips[i].driver;
  return NULL;
}

/**
 * pf_fake_drivers_find_module:
 *
 * Returns: (nullable): the module of a driver, where that has another name
 */
const char *
pf_fake_drivers_find_module (const char *driver)
{
  for (guint i = 0; i < G_N_ELEMENTS (modules); i++)
    if (strcmp (modules[i].driver, driver) == 0)
      return modules[i].module;
  return NULL;
}
