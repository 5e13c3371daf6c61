using System.Reflection;
using FunctionsAuth.Conformance.Fapi;

namespace FunctionsAuth.Conformance.Running;

/// <summary>The plan that a class of modules stands for, with the variants that a tester would choose in the suite.</summary>
/// <param name="name">As the suite names it.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PlanAttribute(string name) : Attribute
{
    public string Name => name;

    /// <summary>The <c>response_type</c> of the requests.</summary>
    public string ResponseType { get; init; } = "code";

    /// <summary>With it, every answer must be posted to the redirect URI.</summary>
    public bool FormPost { get; init; }

    /// <summary>How the server is set up.</summary>
    public ServerKind Server { get; init; }

    /// <summary>Each module registers a client of its own and deletes it; otherwise clients stand in the server's import file.</summary>
    public bool DynamicClient { get; init; }

    public string AuthMethod { get; init; } = "client_secret_basic";

    /// <summary>What a client of the plan registers (OpenID Connect Registration §2).</summary>
    public IReadOnlyList<string> GrantTypes =>
        [.. HasCode ? (string[])["authorization_code", "refresh_token"] : [], .. HasFrontIdToken || HasFrontToken ? (string[])["implicit"] : []];

    public bool HasCode => Words.Contains("code");

    public bool HasFrontIdToken => Words.Contains("id_token");

    public bool HasFrontToken => Words.Contains("token");

    /// <summary>The answer stands in the fragment: OAuth 2.0 Multiple Response Types §5, for everything but a code alone.</summary>
    public bool InFragment => ResponseType != "code" && !FormPost;

    /// <summary>What sets it apart from the other runs of the plan, for a reader; null: what follows from the rest.</summary>
    public string? VariantName { get; private set; }

    /// <inheritdoc cref="VariantName"/>
    public string Variant => VariantName ?? string.Join(
        ", ", ((string?[])[ResponseType, FormPost ? "form_post" : null, DynamicClient ? "dynamic client" : null, Server == ServerKind.Worker ? "on the real worker" : null]).OfType<string>());

    private string[] Words => ResponseType.Split(' ');

    public static PlanAttribute Of(Type plan)
    {
        var attribute = plan.GetCustomAttribute<PlanAttribute>() ?? throw new InvalidOperationException($"{plan.Name} says not which plan it is.");
        attribute.VariantName = plan.GetCustomAttribute<FapiPlanAttribute>()?.Variant;
        return attribute;
    }
}

/// <summary>How a server under test is set up.</summary>
public enum ServerKind
{
    /// <summary>As it comes, but anyone may register a client.</summary>
    Default,

    /// <summary>With the implicit and hybrid response types.</summary>
    Legacy,

    /// <summary>With a profile of FAPI 2.0 for all clients.</summary>
    Fapi,

    /// <summary>The same, with codes and pushed requests that end while a module waits for it, and with nonces in DPoP proofs.</summary>
    FapiShortLived,

    /// <summary>As <see cref="Fapi"/>, with a second address at which clients are asked for their certificates.</summary>
    FapiMtls,

    /// <summary>As <see cref="Default"/>, but the published app in its own process, under what a Functions host is to it, with its tables in Azurite.</summary>
    Worker,
}
