using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Conformance.Running;

/// <summary>Settings of the servers under test, as arguments of the command line.</summary>
internal static class ServerSettings
{
    /// <summary>The suite waits 30 seconds before it uses a code again.</summary>
    public static readonly TimeSpan CodePause = TimeSpan.FromSeconds(5);

    /// <summary>The suite waits a minute before it uses a new key of a client.</summary>
    public static readonly TimeSpan ClientKeysMinAge = TimeSpan.FromSeconds(2);

    /// <summary>A new signing key is seen after a second and signs after two.</summary>
    public static IEnumerable<string> QuickRollover => Settings(["Keys:RefreshEvery=00:00:01", "Keys:JwksMaxAge=00:00:00", "Keys:ClockSkew=00:00:00", "Keys:Announce=00:00:02"]);

    public static IEnumerable<string> Of(ServerKind kind) => kind switch
    {
        ServerKind.Default or ServerKind.Worker => Settings(Common),
        ServerKind.Legacy => Settings([.. Common, "Legacy:ImplicitAndHybrid=true", "SessionManagement=true"]),
        ServerKind.FapiMtls => [.. Settings(["Profile=fapi2_security", $"ClientCertificates:TrustedAuthorities:0={ServerFiles.Authority()}"]), "--mtls-url", $"https://localhost:{FreePort.Find()}"],
        ServerKind.Fapi => Settings(["Profile=fapi2_security"]),
        ServerKind.FapiShortLived => Settings(["Profile=fapi2_security", "Lifetimes:AuthorizationCode=00:00:01", "Lifetimes:PushedRequest=00:00:20", "Dpop:RequireNonce=true"]),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static IReadOnlyList<string> Common =>
    [
        // The longest there is: no module waits for a code to expire, and a busy machine may take its time to redeem one.
        "Lifetimes:AuthorizationCode=00:10:00",
        $"Fetch:KeysMinAge={ClientKeysMinAge:c}",
        // The suite's clients register as anyone could, name no scope, and send no code_challenge.
        "Registration:Mode=open",
        "Registration:RequirePkce=false",
        "Registration:Scopes=openid profile email address phone offline_access",
        "Registration:OpenLimitPerHour=10000",
    ];

    private static IEnumerable<string> Settings(IEnumerable<string> settings) => settings.SelectMany(setting => (string[])["--set", setting]);
}
