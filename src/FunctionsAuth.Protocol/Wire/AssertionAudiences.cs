namespace FunctionsAuth.Protocol.Wire;

/// <summary>What a client's assertions may name as their audience, where that is not left open.</summary>
public static class AssertionAudiences
{
    public const string Issuer = "issuer";
}
