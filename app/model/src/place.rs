//! Places: the country a network address belongs to, as well as anybody can tell.

use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr};

/// A country of ISO 3166-1, by its two letters. Nothing else can be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country(u8);

/// Two letters that name no country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoCountry;

impl Country {
    /// The country of these two letters, in capitals.
    pub fn from_code(code: &str) -> Option<Self> {
        let at = TABLE.binary_search_by(|(known, _)| (*known).cmp(code)).ok()?;
        u8::try_from(at).ok().map(Self)
    }

    /// Every country, by its letters.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().filter_map(|(code, _)| Self::from_code(code))
    }

    /// Its two letters: "NO".
    pub const fn code(self) -> &'static str {
        TABLE[self.0 as usize].0
    }

    /// Its short name in everyday English: "Norway".
    pub const fn name(self) -> &'static str {
        TABLE[self.0 as usize].1
    }
}

impl TryFrom<String> for Country {
    type Error = NoCountry;

    fn try_from(code: String) -> Result<Self, NoCountry> {
        Self::from_code(&code).ok_or(NoCountry)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.code().to_owned()
    }
}

impl fmt::Display for NoCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("This is not the two-letter code of a country.")
    }
}

/// Where an address is, as people read it: "Norway", "this network", "unknown place".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Place {
    Country(Country),
    /// An address that means something only in the network Probity stands in.
    Here,
    #[default]
    Unknown,
}

impl Place {
    /// Where `ip` is; `country` is asked only about addresses that are the same everywhere.
    pub fn of(ip: IpAddr, country: impl FnOnce(IpAddr) -> Option<Country>) -> Self {
        let ip = ip.to_canonical();
        if is_local(ip) {
            return Self::Here;
        }
        country(ip).map_or(Self::Unknown, Self::Country)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Country(country) => country.name(),
            Self::Here => "this network",
            Self::Unknown => "unknown place",
        })
    }
}

/// Loopback, private (RFC 1918, RFC 4193) or link-local.
fn is_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

macro_rules! countries {
    ($($code:ident $name:literal)*) => {
        /// By code, in order.
        const TABLE: &[(&str, &str)] = &[$((stringify!($code), $name),)*];
    };
}

countries! {
    AD "Andorra" AE "United Arab Emirates" AF "Afghanistan" AG "Antigua and Barbuda" AI "Anguilla"
    AL "Albania" AM "Armenia" AO "Angola" AQ "Antarctica" AR "Argentina" AS "American Samoa"
    AT "Austria" AU "Australia" AW "Aruba" AX "Åland Islands" AZ "Azerbaijan"
    BA "Bosnia and Herzegovina" BB "Barbados" BD "Bangladesh" BE "Belgium" BF "Burkina Faso"
    BG "Bulgaria" BH "Bahrain" BI "Burundi" BJ "Benin" BL "Saint Barthélemy" BM "Bermuda"
    BN "Brunei" BO "Bolivia" BQ "Bonaire, Sint Eustatius and Saba" BR "Brazil" BS "Bahamas"
    BT "Bhutan" BV "Bouvet Island" BW "Botswana" BY "Belarus" BZ "Belize" CA "Canada"
    CC "Cocos (Keeling) Islands" CD "Congo (Kinshasa)" CF "Central African Republic"
    CG "Congo (Brazzaville)" CH "Switzerland" CI "Côte d’Ivoire" CK "Cook Islands" CL "Chile"
    CM "Cameroon" CN "China" CO "Colombia" CR "Costa Rica" CU "Cuba" CV "Cabo Verde" CW "Curaçao"
    CX "Christmas Island" CY "Cyprus" CZ "Czechia" DE "Germany" DJ "Djibouti" DK "Denmark"
    DM "Dominica" DO "Dominican Republic" DZ "Algeria" EC "Ecuador" EE "Estonia" EG "Egypt"
    EH "Western Sahara" ER "Eritrea" ES "Spain" ET "Ethiopia" FI "Finland" FJ "Fiji"
    FK "Falkland Islands" FM "Micronesia" FO "Faroe Islands" FR "France" GA "Gabon"
    GB "United Kingdom" GD "Grenada" GE "Georgia" GF "French Guiana" GG "Guernsey" GH "Ghana"
    GI "Gibraltar" GL "Greenland" GM "Gambia" GN "Guinea" GP "Guadeloupe" GQ "Equatorial Guinea"
    GR "Greece" GS "South Georgia and the South Sandwich Islands" GT "Guatemala" GU "Guam"
    GW "Guinea-Bissau" GY "Guyana" HK "Hong Kong" HM "Heard Island and McDonald Islands"
    HN "Honduras" HR "Croatia" HT "Haiti" HU "Hungary" ID "Indonesia" IE "Ireland" IL "Israel"
    IM "Isle of Man" IN "India" IO "British Indian Ocean Territory" IQ "Iraq" IR "Iran"
    IS "Iceland" IT "Italy" JE "Jersey" JM "Jamaica" JO "Jordan" JP "Japan" KE "Kenya"
    KG "Kyrgyzstan" KH "Cambodia" KI "Kiribati" KM "Comoros" KN "Saint Kitts and Nevis"
    KP "North Korea" KR "South Korea" KW "Kuwait" KY "Cayman Islands" KZ "Kazakhstan" LA "Laos"
    LB "Lebanon" LC "Saint Lucia" LI "Liechtenstein" LK "Sri Lanka" LR "Liberia" LS "Lesotho"
    LT "Lithuania" LU "Luxembourg" LV "Latvia" LY "Libya" MA "Morocco" MC "Monaco" MD "Moldova"
    ME "Montenegro" MF "Saint Martin" MG "Madagascar" MH "Marshall Islands" MK "North Macedonia"
    ML "Mali" MM "Myanmar" MN "Mongolia" MO "Macao" MP "Northern Mariana Islands" MQ "Martinique"
    MR "Mauritania" MS "Montserrat" MT "Malta" MU "Mauritius" MV "Maldives" MW "Malawi"
    MX "Mexico" MY "Malaysia" MZ "Mozambique" NA "Namibia" NC "New Caledonia" NE "Niger"
    NF "Norfolk Island" NG "Nigeria" NI "Nicaragua" NL "Netherlands" NO "Norway" NP "Nepal"
    NR "Nauru" NU "Niue" NZ "New Zealand" OM "Oman" PA "Panama" PE "Peru" PF "French Polynesia"
    PG "Papua New Guinea" PH "Philippines" PK "Pakistan" PL "Poland"
    PM "Saint Pierre and Miquelon" PN "Pitcairn" PR "Puerto Rico" PS "Palestine" PT "Portugal"
    PW "Palau" PY "Paraguay" QA "Qatar" RE "Réunion" RO "Romania" RS "Serbia" RU "Russia"
    RW "Rwanda" SA "Saudi Arabia" SB "Solomon Islands" SC "Seychelles" SD "Sudan" SE "Sweden"
    SG "Singapore" SH "Saint Helena, Ascension and Tristan da Cunha" SI "Slovenia"
    SJ "Svalbard and Jan Mayen" SK "Slovakia" SL "Sierra Leone" SM "San Marino" SN "Senegal"
    SO "Somalia" SR "Suriname" SS "South Sudan" ST "São Tomé and Príncipe" SV "El Salvador"
    SX "Sint Maarten" SY "Syria" SZ "Eswatini" TC "Turks and Caicos Islands" TD "Chad"
    TF "French Southern Territories" TG "Togo" TH "Thailand" TJ "Tajikistan" TK "Tokelau"
    TL "Timor-Leste" TM "Turkmenistan" TN "Tunisia" TO "Tonga" TR "Türkiye"
    TT "Trinidad and Tobago" TV "Tuvalu" TW "Taiwan" TZ "Tanzania" UA "Ukraine" UG "Uganda"
    UM "United States Minor Outlying Islands" US "United States" UY "Uruguay" UZ "Uzbekistan"
    VA "Holy See" VC "Saint Vincent and the Grenadines" VE "Venezuela"
    VG "British Virgin Islands" VI "U.S. Virgin Islands" VN "Viet Nam" VU "Vanuatu"
    WF "Wallis and Futuna" WS "Samoa" YE "Yemen" YT "Mayotte" ZA "South Africa" ZM "Zambia"
    ZW "Zimbabwe"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(ip: &str) -> String {
        let norway = |_| Country::from_code("NO");
        Place::of(ip.parse().expect("an address"), norway).to_string()
    }

    #[test]
    fn every_country_of_the_standard_is_known_once_by_its_letters() {
        assert_eq!(TABLE.len(), 249);
        assert!(TABLE.is_sorted_by(|(a, _), (b, _)| a < b));
        for country in Country::all() {
            assert_eq!(Country::from_code(country.code()), Some(country));
            assert!(!country.name().is_empty());
        }
        assert_eq!(Country::all().count(), 249);
        assert_eq!(Country::from_code("NO").map(Country::name), Some("Norway"));
    }

    #[test]
    fn what_is_no_country_is_not_taken_for_one() {
        for wrong in ["", "N", "no", "ZZ", "EU", "XK", "NOR", "ÅX"] {
            assert_eq!(Country::from_code(wrong), None, "{wrong}");
            assert_eq!(Country::try_from(wrong.to_owned()), Err(NoCountry));
        }
    }

    #[test]
    fn an_address_of_the_world_has_a_country_or_is_unknown() {
        assert_eq!(said("193.213.112.4"), "Norway");
        assert_eq!(said("2001:4600::1"), "Norway");
        let nowhere = Place::of("193.213.112.4".parse().expect("an address"), |_| None);
        assert_eq!(nowhere.to_string(), "unknown place");
    }

    #[test]
    fn an_address_of_the_house_is_this_network_whatever_a_file_says() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.9",
            "192.168.178.20",
            "169.254.7.7",
            "::1",
            "fd12:3456::1",
            "fe80::1",
            "::ffff:192.168.1.1",
        ] {
            assert_eq!(said(ip), "this network", "{ip}");
        }
        assert_eq!(said("172.32.0.1"), "Norway", "just outside");
    }
}
