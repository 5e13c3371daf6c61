namespace FunctionsAuth.Protocol.Wire;

/// <summary>Subject types: OpenID Connect Core §8.</summary>
public static class SubjectTypes
{
    public const string Public = "public";
    public const string Pairwise = "pairwise";

    public static IReadOnlyList<string> All { get; } = [Public, Pairwise];
}
