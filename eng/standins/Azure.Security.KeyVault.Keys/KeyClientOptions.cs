using Azure.Core;

namespace Azure.Security.KeyVault.Keys;

public class KeyClientOptions(KeyClientOptions.ServiceVersion version = KeyClientOptions.ServiceVersion.V2025_07_01) : ClientOptions
{
    public enum ServiceVersion
    {
        V7_0 = 0,
        V7_1 = 1,
        V7_2 = 2,
        V7_3 = 3,
        V7_4 = 4,
        V7_5 = 5,
        V7_6 = 6,
        V2025_07_01 = 7,
    }

    public ServiceVersion Version { get; } = version;

    public bool DisableChallengeResourceVerification { get; set; }
}
