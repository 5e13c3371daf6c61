using System.Diagnostics;
using System.Text.Json;
using FunctionsAuth.Bench.Flows;

namespace FunctionsAuth.Bench.Targets;

/// <summary>Another server of the field: a folder of bench/peers, where its package is installed.</summary>
/// <param name="WellKnown">Where its metadata is.</param>
/// <param name="Algorithms">What it signs with.</param>
/// <param name="Flows">What it has of <see cref="Flow.All"/>.</param>
internal sealed record Peer(string Name, string Folder, string WellKnown, IReadOnlyList<string> Algorithms, IReadOnlyList<Flow> Flows)
{
    private const string OpenIddictProgram = "OpenIddictPeer.dll";

    /// <summary>How it is set up, for a peer that is measured more than once.</summary>
    public string? Mode { get; private init; }

    /// <summary>It can't know that a code was used before, because it keeps nothing.</summary>
    public bool TakesReplayedCodes { get; private init; }

    private string Published => Path.Combine(Folder, "bin", "published");

    private bool IsInstalled => Mode is null ? Directory.Exists(Path.Combine(Folder, "node_modules")) : File.Exists(Path.Combine(Published, OpenIddictProgram));

    public string Version
    {
        get
        {
            if (Mode is not null)
                return FileVersionInfo.GetVersionInfo(Path.Combine(Published, "OpenIddict.Server.dll")).ProductVersion!.Split('+')[0];
            using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "package.json")));
            var packages = package.RootElement.GetProperty("dependencies").EnumerateObject();
            return packages.Single(one => one.Name.EndsWith(Path.GetFileName(Folder), StringComparison.Ordinal)).Value.GetString()!;
        }
    }

    /// <summary>Those that are installed there.</summary>
    public static IReadOnlyList<Peer> In(DirectoryInfo? folder) => folder is null ? [] :
    [
        .. new Peer[]
        {
            OpenIddict(folder, "stateless", "degraded") with { TakesReplayedCodes = true },
            OpenIddict(folder, "stores in memory", "stores"),
            new("oidc-provider", Path.Combine(folder.FullName, "oidc-provider"), Site.WellKnown, ["ES256", "RS256"], Flow.All),
            new("OpenAuth", Path.Combine(folder.FullName, "openauth"), "/.well-known/oauth-authorization-server", ["ES256"], Flow.OfOpenAuth),
        }.Where(peer => peer.IsInstalled),
    ];

    /// <summary>OpenIddict with its own hash of client secrets, which is made for passwords; null where it is not installed.</summary>
    public static Peer? WithSlowHash(IReadOnlyList<Peer> peers) =>
        peers.FirstOrDefault(peer => peer.Mode == "stores") is { } stores ? stores with { Name = "OpenIddict, its own hash of secrets", Mode = "stores-slow-hash" } : null;

    public ProcessStartInfo Start(string port, string algorithm)
    {
        if (Mode is not null)
            return new ProcessStartInfo(Environment.ProcessPath!, [Path.Combine(Published, OpenIddictProgram), port, algorithm, Mode]) { WorkingDirectory = Published };
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "server.mjs"), port, algorithm]) { WorkingDirectory = Folder };
        start.Environment["NODE_ENV"] = "production";
        return start;
    }

    private static Peer OpenIddict(DirectoryInfo folder, string name, string mode) =>
        new($"OpenIddict, {name}", Path.Combine(folder.FullName, "openiddict"), Site.WellKnown, ["ES256", "RS256"], Flow.All) { Mode = mode };
}
