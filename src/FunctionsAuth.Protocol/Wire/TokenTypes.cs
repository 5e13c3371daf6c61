namespace FunctionsAuth.Protocol.Wire;

/// <summary>Values of <c>token_type</c>, which tell a client how to use an access token.</summary>
public static class TokenTypes
{
    public const string Bearer = "Bearer";
    public const string Dpop = "DPoP";

    public static string Of(bool isDpop) => isDpop ? Dpop : Bearer;
}
