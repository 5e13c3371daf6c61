using FunctionsAuth.Protocol.Languages;

namespace FunctionsAuth.Pages;

/// <summary>What every part of a page may ask for.</summary>
/// <param name="Root">From the page back to where all addresses begin; relative, as a proxy may publish the server below a path of its own.</param>
public sealed record PageSurroundings(Language Language, PageBrand Brand, string Root);
